import type { OAuthClient } from "../../lib/genesys/models";
import type { SecretHistory } from "../../lib/rotation/secret-store";
import {
  type CredentialStatus,
  currentClientOf,
  NO_STATUS,
  observe,
  readStatus,
} from "../../lib/rotation/status";

const secretArn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/c-AbCdEf";
const MINUTE = 60_000;

const history = (current: string, previous: string, changedAt = 0): SecretHistory => ({
  changedAt,
  versions: [
    { id: current, stages: ["AWSCURRENT"] },
    { id: previous, stages: ["AWSPREVIOUS"] },
  ],
});

interface Seen {
  readonly history?: SecretHistory;
  readonly clients?: readonly OAuthClient[];
  readonly currentClient?: string;
}

/** Observes at times that are a minute apart. */
const seen = (...observations: Seen[]): CredentialStatus =>
  observations.reduce<CredentialStatus>(
    (status, { clients = [], ...each }, minute) =>
      observe(status, {
        ...each,
        secretArn,
        listed: { clients, creator: "m" },
        now: minute * MINUTE,
      }),
    NO_STATUS,
  );

const client = (state: OAuthClient["state"], dateModified = "m1") =>
  [{ id: "c", name: "C#v1", description: secretArn, state, dateModified }] as OAuthClient[];

describe("the labels are unchanged since", () => {
  const since = (...histories: SecretHistory[]) =>
    seen(...histories.map((each) => ({ history: each }))).labelsSince;

  test("they were first seen", () => {
    expect(since(history("v2", "v1"), history("v2", "v1"))).toBe(0);
  });

  test("a label moved, even if Secrets Manager does not count that as a change", () => {
    expect(since(history("v2", "v1"), history("v1", "v2"), history("v1", "v2"))).toBe(MINUTE);
    expect(since(history("v2", "v1"), history("v2", "v0"))).toBe(MINUTE);
  });

  test("the secret changed in between, even if the labels look the same", () => {
    expect(since(history("v2", "v1", 1), history("v2", "v1", 2))).toBe(MINUTE);
  });
});

describe("a client is inactive since", () => {
  const since = (...clients: OAuthClient[][]) =>
    seen(...clients.map((each) => ({ clients: each }))).clients.c?.inactiveSince;

  test("it was first seen so, whatever its date of modification", () => {
    expect(since(client("active"), client("inactive"), client("inactive"))).toBe(MINUTE);
  });

  test("it changed, since it may have been active in between", () => {
    expect(since(client("inactive", "m1"), client("inactive", "m2"))).toBe(MINUTE);
  });

  test("it was seen so again, after it was active", () => {
    expect(since(client("inactive"), client("active"), client("inactive"))).toBe(2 * MINUTE);
    expect(since(client("inactive"), client("active"))).toBeUndefined();
  });
});

describe("the client of a version", () => {
  test("is that of the value, whatever was noted before", () => {
    const v2 = history("v2", "v1");
    const status = seen({ history: v2, currentClient: "a" }, { history: v2, currentClient: "b" });
    expect(currentClientOf(status, v2)).toBe("b");
  });

  test("is remembered for 20 versions, and for as long as the client is listed", () => {
    const versions = Array.from({ length: 25 }, (_, index) => ({
      id: `v${index}`,
      stages: [],
      createdAt: index,
    }));
    const all = Object.fromEntries(versions.map(({ id }) => [id, `client of ${id}`]));
    const status = { ...NO_STATUS, versions: { ...all, v0: "c" } };
    const seenNow = { secretArn, history: { versions, changedAt: 0 }, now: 0 };
    const kept = observe(status, {
      ...seenNow,
      listed: { clients: client("active"), creator: "m" },
    }).versions;
    expect(Object.keys(kept)).toEqual(["v0", ...versions.slice(5).map(({ id }) => id)]);
  });
});

test.each([undefined, "", "{", "null", "[]", '"text"', "7"])(
  "a status that cannot be read is empty: %s",
  (text) => {
    expect(readStatus(text)).toMatchObject(NO_STATUS);
  },
);

test("notes about clients stay when the clients were not listed", () => {
  const listed = seen({ clients: client("inactive") });
  const seenNow = { secretArn, now: MINUTE, history: history("v2", "v1") };
  expect(observe(listed, seenNow).clients).toEqual(listed.clients);
});

test("notes about clients that are no longer listed are dropped", () => {
  expect(seen({ clients: client("inactive") }, { clients: [] }).clients).toEqual({});
});

test("all masters that made runs are remembered, and the notes about labels name none", () => {
  const listedBy = (creator: string) => ({ secretArn, now: 0, listed: { clients: [], creator } });
  const status = ["one", "two", "one"].map(listedBy).reduce(observe, NO_STATUS);
  expect(status.creators).toEqual(["one", "two"]);
  expect(observe(status, { secretArn, now: 0 }).creators).toEqual(["one", "two"]);
});
