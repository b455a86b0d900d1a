import type { ManagedCredential } from "../../lib/rotation/judge";
import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import { dueAmong, startRotations } from "../../lib/rotation/start-rotations";
import { NO_STATUS } from "../../lib/rotation/status";
import { FakeClock } from "../support/fakes/fake-clock";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const clock = new FakeClock();
const arnOf = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/${name}-AbCdEf`;

/** @param days age of its current version */
function credentialOf(
  name: string,
  days: number,
  patch: Partial<ManagedCredential> = {},
): ManagedCredential {
  const createdAt = clock.now() - days * DAY;
  return {
    name,
    retiring: false,
    status: NO_STATUS,
    specification: {
      secretArn: arnOf(name),
      clientName: "Production-C",
      roleDivisions: [],
      accessTokenValiditySeconds: 3600,
      rotationDays: 90,
    },
    history: {
      versions: [{ id: "current", stages: ["AWSCURRENT"], createdAt }],
      changedAt: 0,
      rotates: true,
    },
    ...patch,
  };
}

const dueOf = (...credentials: ManagedCredential[]) =>
  dueAmong(credentials, clock.now(), DEFAULT_LIMITS).map(({ name }) => name);

test("a credential is due when it is nearly as old as its class allows", () => {
  expect(dueOf(credentialOf("young", 80), credentialOf("old", 89.9))).toEqual(["old"]);
});

/** Credentials that are due, the latest last. */
const many = (count: number) =>
  Array.from({ length: count }, (_, number) => credentialOf(`c${number}`, 90 + 20 * number));

test("those that have waited longest come first", () => {
  expect(dueOf(...many(3))).toEqual(["c2", "c1", "c0"]);
});

describe("nothing is started for a credential", () => {
  const old = credentialOf("old", 100);
  const history = old.history as NonNullable<ManagedCredential["history"]>;
  const withVersion = (stages: string[], hours: number) => ({
    history: {
      ...history,
      versions: [
        ...history.versions,
        { id: "other", stages, createdAt: clock.now() - hours * HOUR },
      ],
    },
  });

  test.each<[string, Partial<ManagedCredential>]>([
    ["that is being retired", { retiring: true }],
    ["whose specification is not valid", { problem: "it is not a JSON document" }],
    ["whose rotation is switched off", { history: { ...history, rotates: false } }],
    ["whose secret is being deleted", { history: { ...history, deletedAt: 1 } }],
    ["that has never had a value", { history: { ...history, versions: [] } }],
    ["that is rotating", withVersion(["AWSPENDING"], 100)],
    ["whose last rotation failed a moment ago", withVersion([], 5)],
  ])("%s", (_, patch) => {
    expect(dueOf({ ...old, ...patch })).toEqual([]);
  });

  test("and hours after a rotation failed, there is another one", () => {
    expect(dueOf({ ...old, ...withVersion([], 7) })).toEqual(["old"]);
  });
});

test("a start that fails is reported, and the others go on", async () => {
  const rotated: string[] = [];
  const secrets = {
    rotate: async (arn: string) => {
      if (arn === arnOf("b")) throw new Error("a previous rotation is not complete");
      rotated.push(arn);
    },
  };
  const credentials = ["a", "b", "c"].map((name) => credentialOf(name, 100));
  const starts = await startRotations({ secrets, clock }, credentials);
  expect(rotated).toEqual([arnOf("a"), arnOf("c")]);
  expect(starts).toEqual({
    started: ["a", "c"],
    failures: ["b: its rotation could not be started: a previous rotation is not complete"],
    left: 0,
  });
});

/** @param refused number of calls that fail before the others succeed */
const refusing = (refused: number) => {
  let calls = 0;
  return {
    rotate: async () => {
      if (++calls <= refused) throw new Error("AccessDenied");
    },
  };
};

test("a run starts no more than it may, and says how many are left", async () => {
  const starts = await startRotations({ secrets: refusing(0), clock }, many(25));
  expect(starts.started).toHaveLength(DEFAULT_LIMITS.mostStarts);
  expect(starts.left).toBe(15);
});

test("credentials that never start do not keep the others from it", async () => {
  const starts = await startRotations({ secrets: refusing(10), clock }, many(25));
  expect(starts.failures).toHaveLength(10);
  expect(starts.started).toEqual(
    many(15)
      .map(({ name }) => name)
      .reverse()
      .slice(0, 10),
  );
  expect(starts.left).toBe(5);
});

test("a run ends its tries when all of them fail", async () => {
  const starts = await startRotations({ secrets: refusing(25), clock }, many(25));
  expect(starts.started).toEqual([]);
  expect(starts.failures).toHaveLength(DEFAULT_LIMITS.mostStartTries);
  expect(starts.left).toBe(5);
});

test("slow starts end in time", async () => {
  const ticking = new FakeClock();
  const secrets = { rotate: async () => ticking.advance(DEFAULT_LIMITS.longestStarts + 1) };
  const starts = await startRotations({ secrets, clock: ticking }, many(3));
  expect(starts).toEqual({ started: ["c2"], failures: [], left: 2 });
});
