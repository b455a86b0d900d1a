import type { ManagedCredential } from "../../lib/rotation/judge";
import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import type { SecretVersion } from "../../lib/rotation/secret-store";
import { stuckVersionOf } from "../../lib/rotation/stuck-labels";

const HOUR = 3_600_000;
const now = Date.parse("2026-11-28T12:00:00Z");

/** @param versions labels and age in hours by version */
function credentialOf(
  versions: Readonly<Record<string, readonly [stages: string, hours: number]>>,
  patch: Partial<ManagedCredential> = {},
): ManagedCredential {
  const list = Object.entries(versions).map(
    ([id, [stages, hours]]): SecretVersion => ({
      id,
      stages: stages.split(" ").filter(Boolean),
      createdAt: now - hours * HOUR,
    }),
  );
  return {
    name: "crm-sync",
    retiring: false,
    status: { versions: { old: "client-old" }, clients: {}, labelsSince: now - HOUR },
    history: { versions: list, changedAt: now },
    ...patch,
  };
}

const ofUnknownAge = { changedAt: now, versions: [{ id: "new", stages: ["AWSPENDING"] }] };

const stuckIn = (...given: Parameters<typeof credentialOf>) =>
  stuckVersionOf(credentialOf(...given), now, DEFAULT_LIMITS);

describe("AWSPENDING is stuck on", () => {
  test("a version that became the current one", () => {
    expect(stuckIn({ old: ["AWSPREVIOUS", 900], new: ["AWSCURRENT AWSPENDING", 1] })).toBe("new");
  });

  test("a version that was rolled back, even if no run saw that it was the current one", () => {
    expect(stuckIn({ old: ["AWSCURRENT", 900], new: ["AWSPREVIOUS AWSPENDING", 1] })).toBe("new");
  });

  test("a version that was the current one, and has lost that label since", () => {
    const versions = { old: ["AWSPENDING", 1], new: ["AWSCURRENT", 900] } as const;
    expect(stuckIn(versions)).toBe("old");
  });

  test("a version of which the rotator has not heard for hours", () => {
    const versions = { old: ["AWSCURRENT", 900], new: ["AWSPENDING", 6] } as const;
    expect(stuckIn(versions)).toBe("new");
    const attempt = { version: "new", step: "createSecret", result: "failed" } as const;
    expect(stuckIn(versions, { attempt: { ...attempt, at: now - 6 * HOUR } })).toBe("new");
  });

  test("a version of unknown age of which the rotator has not heard for hours", () => {
    const attempt = { version: "new", step: "createSecret", result: "failed" } as const;
    const tried = { ...attempt, at: now - 6 * HOUR };
    expect(stuckIn({}, { history: ofUnknownAge, attempt: tried })).toBe("new");
  });

  test("a version of unknown age, hours after a label was last seen to move", () => {
    const status = { versions: {}, clients: {}, labelsSince: now - 6 * HOUR };
    const attempt = { version: "old", step: "finishSecret", result: "succeeded" } as const;
    expect(stuckIn({}, { history: ofUnknownAge, status })).toBe("new");
    const other = { ...attempt, at: now - HOUR };
    expect(stuckIn({}, { history: ofUnknownAge, status, attempt: other })).toBe("new");
  });

  test("the first version of a secret, whose rotation was given up", () => {
    expect(stuckIn({ new: ["AWSPENDING", 6] })).toBe("new");
  });
});

describe("AWSPENDING stays on", () => {
  const running = { old: ["AWSCURRENT", 900], new: ["AWSPENDING", 0.1] } as const;

  test("the version of a rotation in progress", () => {
    expect(stuckIn(running)).toBeUndefined();
  });

  test("a version that is tried again", () => {
    const versions = { ...running, new: ["AWSPENDING", 30] } as const;
    const attempt = { version: "new", step: "createSecret", result: "failed" } as const;
    expect(stuckIn(versions, { attempt: { ...attempt, at: now - HOUR } })).toBeUndefined();
    expect(
      stuckIn(versions, { attempt: { ...attempt, at: now - 20 * HOUR, triedAt: now - HOUR } }),
    ).toBeUndefined();
  });

  test("a version that has just become the current one: Secrets Manager may remove it itself", () => {
    const status = { versions: {}, clients: {}, labelsSince: now - 60_000 };
    const versions = { new: ["AWSCURRENT AWSPENDING", 0.1] } as const;
    expect(stuckIn(versions, { status })).toBeUndefined();
  });

  test("a version of unknown age whose label, or last try, is recent", () => {
    expect(stuckIn({}, { history: ofUnknownAge })).toBeUndefined();
    const status = { versions: {}, clients: {}, labelsSince: now - 90 * HOUR };
    const attempt = { version: "new", step: "createSecret", result: "failed" } as const;
    const tried = { ...attempt, at: now - 20 * HOUR, triedAt: now - HOUR };
    expect(stuckIn({}, { history: ofUnknownAge, status, attempt: tried })).toBeUndefined();
    const unseen = { versions: {}, clients: {} };
    expect(stuckIn({}, { history: ofUnknownAge, status: unseen })).toBeUndefined();
  });
});
