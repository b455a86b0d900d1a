import { noteOf, readAttempt } from "../../lib/rotation/attempt";
import { readCredentialReport } from "../../lib/rotation/credential-report";
import { consumedOn, foundClients, isQuiet } from "../../lib/rotation/findings";
import type { CredentialStatus } from "../../lib/rotation/status";

const DAY = 24 * 3_600_000;
const secretArn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/c-AbCdEf";
const now = Date.parse("2026-11-28T12:00:00Z");

const specification = JSON.stringify({
  secretArn,
  rotationDays: 90,
  sensitivity: "high",
  owner: "crm-team",
});

const status = (findings: CredentialStatus["findings"], rest: object = {}) =>
  JSON.stringify({ versions: { v2: "client-2" }, clients: {}, findings, ...rest });

const current = { version: "v2", since: now - 10 * DAY };

test("a credential's parameters answer who, how old, until when, and with which clients", () => {
  const clients = [
    { id: "client-2", state: "active" as const, version: "v2" },
    { id: "client-1", state: "inactive" as const, version: "v1", deletedFrom: now },
  ];
  const report = readCredentialReport({
    specification,
    status: status({ current, startsAt: now + 71 * DAY, rotates: true, clients }),
    retirement: JSON.stringify({ secretArn }),
  });
  expect(report).toEqual({
    sensitivity: "high",
    owner: "crm-team",
    rotationDays: 90,
    rotatedAt: now - 10 * DAY,
    deadline: now + 80 * DAY,
    startsAt: now + 71 * DAY,
    lastAttempt: {
      at: now - 10 * DAY,
      version: "v2",
      step: "finishSecret",
      result: "succeeded",
    },
    clients: [
      { id: "client-2", state: "active", version: "v2", current: true },
      { id: "client-1", state: "inactive", version: "v1", deletedFrom: now, current: false },
    ],
    lastAccessedOn: undefined,
    refusedSince: undefined,
    retiring: true,
    rotates: true,
  });
});

test("parameters that do not exist, or cannot be read, are no error", () => {
  const empty = { clients: [], retiring: false };
  expect(readCredentialReport({})).toMatchObject(empty);
  expect(readCredentialReport({ specification: "{", status: "null", attempt: "[" })).toMatchObject(
    empty,
  );
});

test("the mark of an earlier secret of the same name does not count", () => {
  const retirement = JSON.stringify({ secretArn: `${secretArn}2` });
  expect(readCredentialReport({ specification, retirement }).retiring).toBe(false);
});

describe("the last attempt", () => {
  const attemptOf = (attempt: object | undefined, findings = { current }) =>
    readCredentialReport({
      specification,
      status: status(findings),
      attempt: attempt && JSON.stringify(attempt),
    }).lastAttempt;
  const failed = {
    at: now,
    version: "v3",
    step: "createSecret",
    result: "failed",
    message: "HTTP 403",
  };

  test("is the rotator's note", () => {
    expect(attemptOf(failed)).toEqual(failed);
  });

  test("has succeeded if its version is the current one, although the note was lost", () => {
    expect(attemptOf({ ...failed, version: "v2" })).toEqual({
      at: now,
      version: "v2",
      step: "finishSecret",
      result: "succeeded",
    });
  });

  test("is the one that made the current version, if all its notes were lost", () => {
    expect(attemptOf({ ...failed, version: "v1", at: now - 20 * DAY })).toMatchObject({
      version: "v2",
      result: "succeeded",
    });
  });
});

describe("the rotator notes", () => {
  const progress = { version: "v1", step: "createSecret" } as const;
  const started = noteOf(undefined, { ...progress, result: "started" }, 1);
  const failed = noteOf(
    started,
    { ...progress, result: "failed", error: new Error("HTTP 403") },
    2,
  );

  test("a start, once for each version", () => {
    expect(started).toEqual({ at: 1, version: "v1", step: "createSecret", result: "started" });
    expect(noteOf(started, { ...progress, result: "started" }, 2)).toBeUndefined();
    expect(noteOf(started, { ...progress, version: "v2", result: "started" }, 2)).toBeDefined();
  });

  test("a failure, which stays while Secrets Manager tries again", () => {
    expect(failed).toMatchObject({ at: 2, result: "failed", message: "HTTP 403" });
    expect(noteOf(failed, { ...progress, result: "started" }, 3)).toBeUndefined();
    expect(noteOf(failed, { version: "v1", step: "finishSecret", result: "succeeded" }, 4)).toEqual(
      { at: 4, version: "v1", step: "finishSecret", result: "succeeded" },
    );
  });

  test("nothing that could be a secret, and no more than a parameter holds", () => {
    const secret = "test-Secret_of-43-characters-0123456789abcd";
    const error = new Error(`HTTP 400 for ${secret} ${"a lot of words ".repeat(1000)}`);
    const note = noteOf(undefined, { ...progress, result: "failed", error }, 1);
    expect(note?.message).toMatch(/^HTTP 400 for \(not shown\) a lot/);
    expect(note?.message?.length).toBe(500);
  });

  test("whatever was thrown", () => {
    const messageOf = (error: unknown) =>
      noteOf(undefined, { ...progress, result: "failed", error }, 1)?.message;
    expect(messageOf("HTTP 503")).toBe("HTTP 503");
    expect(messageOf(undefined)).toBe("undefined");
  });

  test("in a form that can be read again", () => {
    expect(readAttempt(JSON.stringify(failed))).toEqual(failed);
    expect(readAttempt("no JSON")).toBeUndefined();
  });
});

describe("the day on which consumers read the value", () => {
  const day = Date.parse("2026-11-28T00:00:00Z");

  test("is known from a day without our own reads", () => {
    expect(consumedOn(undefined, day, [day - 1, undefined])).toBe("2026-11-28");
  });

  test("is not known from a day with one", () => {
    expect(consumedOn("2026-11-21", day, [day - DAY, day + 1])).toBe("2026-11-21");
    expect(consumedOn("2026-11-21", undefined, [])).toBe("2026-11-21");
  });

  test("can be known once a week, as one day of each week has no logins", () => {
    for (const number of [0, 3, 25]) {
      const week = [0, 1, 2, 3, 4, 5, 6].map((days) => isQuiet(now + days * DAY, number));
      expect(week.filter(Boolean)).toEqual([true]);
    }
    expect([0, 1, 2, 3, 4, 5, 6].filter((number) => isQuiet(now, number))).toHaveLength(1);
  });
});

test("a deleted client is not alive, even if Genesys Cloud lists it for a week", () => {
  const client = { name: "C#v1", state: "inactive", accessTokenValiditySeconds: 3600 } as const;
  const listed = [
    { ...client, id: "deleted" },
    { ...client, id: "draining" },
    { ...client, id: "disabled", state: "disabled" },
  ] as Parameters<typeof foundClients>[0];
  const notes = { deleted: { deletedAt: 1 }, draining: { inactiveSince: 0 } };
  expect(foundClients(listed, notes)).toEqual([
    { id: "draining", state: "inactive", version: "v1", deletedFrom: 75 * 60_000 },
  ]);
});
