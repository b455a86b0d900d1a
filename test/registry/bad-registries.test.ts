import { BROKER_CASES } from "./cases/broker-cases";
import { CLIENT_CASES } from "./cases/client-cases";
import { COLLISION_CASES } from "./cases/collision-cases";
import { CONNECTION_CASES } from "./cases/connection-cases";
import { CONSUMER_CASES } from "./cases/consumer-cases";
import { CROSS_CASES } from "./cases/cross-cases";
import { ENTRY_CASES } from "./cases/entry-cases";
import { GRANT_CASES } from "./cases/grant-cases";
import { IGNORED_DIFFERENCE_CASES } from "./cases/ignored-difference-cases";
import { KNOWN_DRIFT_CASES } from "./cases/known-drift-cases";
import { MANAGED_SECRET_CASES } from "./cases/managed-secret-cases";
import { MONITORING_CASES } from "./cases/monitoring-cases";
import { OWNER_CASES } from "./cases/owner-cases";
import { SECRET } from "./cases/secret";
import { SECRET_CASES } from "./cases/secret-cases";
import { STATE_HOME_CASES } from "./cases/state-home-cases";
import { check, messageOf, patched, problemsText, validRegistry } from "./patched";

const GROUPS = {
  "an entry": ENTRY_CASES,
  "Vault, AWS and the provider": CONNECTION_CASES,
  "owner and tags": OWNER_CASES,
  "clients, homes and the record": CLIENT_CASES,
  "brokered clients": BROKER_CASES,
  "consumers and emergencies": CONSUMER_CASES,
  "other secrets": MANAGED_SECRET_CASES,
  "roles and conditions of clients": GRANT_CASES,
  "alerts about accesses": MONITORING_CASES,
  "ignored differences": IGNORED_DIFFERENCE_CASES,
  "known drift": KNOWN_DRIFT_CASES,
  "fields that contradict each other": CROSS_CASES,
  "collisions of two orgs or homes": COLLISION_CASES,
  "state homes": STATE_HOME_CASES,
  "secrets and long values": SECRET_CASES,
};
const ALL = Object.values(GROUPS).flat();

test("the registry that the cases change is valid", () => {
  expect(check(validRegistry()).names).toEqual(["na-prod", "eu-prod", "ap-prod"]);
});

describe.each(Object.entries(GROUPS))("%s", (_, cases) => {
  test.each(cases)("$what", ({ patch, problems }) => {
    expect(messageOf(() => check(patched(patch)))).toBe(problemsText(...problems));
  });
});

test("no message contains the secret", () => {
  const messages = ALL.map(({ patch }) => messageOf(() => check(patched(patch))));
  expect(messages.filter((message) => message.includes(SECRET))).toEqual([]);
});

test("there are many cases, and no two are the same", () => {
  const rules = ALL.flatMap(({ problems }) =>
    problems.map((line) => /\[([\w-]+)\]$/.exec(line)?.[1]),
  );
  expect(ALL.length).toBeGreaterThanOrEqual(40);
  expect(new Set(rules).size).toBeGreaterThanOrEqual(60);
  expect(new Set(ALL.map(({ what }) => what)).size).toBe(ALL.length);
});
