import type { Home, Org } from "./model";
import { accessStackIdOf, homeStackIdOf, sharedLockTableOf } from "./names";
import type { OrgReport } from "./report";

/** The next step for a home whose own key is not recorded. */
export const recordHome = ({ name }: { readonly name: string }): string =>
  `the record has no KMS key for home ${name}. Run \`genesys-orgs state bootstrap ${name}\``;

/** The next step for an org whose key is not recorded. */
export function nextStep(org: Org | OrgReport): string {
  if (!("state" in org)) return recordOrgs(reportedPlaceOf(org), [org]);
  const { home, lockTable } = org.state;
  return recordOrgs(placeOf(home), [{ name: org.name, lockTable }]);
}

/** The next steps for orgs whose keys are not recorded: one line for each home. */
export function nextSteps(orgs: readonly Org[]): string[] {
  const homes = [...new Set(orgs.map(({ state }) => state.home))];
  return homes.map((home) => {
    const there = orgs.filter(({ state }) => state.home === home);
    const verb = there.length === 1 ? "is" : "are";
    const names = there.map(({ name }) => name).join(", ");
    const waiting = there.map(({ name, state }) => ({ name, lockTable: state.lockTable }));
    return `${names} ${verb} left out: ${recordOrgs(placeOf(home), waiting)}`;
  });
}

/** A home, as far as the next step depends on it. */
interface Place {
  readonly name: string;
  /** Whether it is an S3-compatible store, which has no stacks. */
  readonly external: boolean;
  /** Whether its own key is recorded. */
  readonly recorded: boolean;
}

const placeOf = ({ name, storage, kmsKeyArn }: Home): Place => ({
  name,
  external: storage !== undefined,
  recorded: kmsKeyArn !== undefined,
});

const reportedPlaceOf = ({ stateHome, access }: OrgReport): Place => ({
  name: stateHome,
  external: access.status === "external",
  recorded: access.status !== "no recorded home",
});

function recordOrgs(home: Place, orgs: readonly Pick<OrgReport, "name" | "lockTable">[]): string {
  const missing = `the record has no KMS key for ${orgs.length === 1 ? "it" : "them"}`;
  if (home.external) {
    const paths = orgs.map(({ name }) => `homes.${home.name}.orgs.${name}.kmsKeyArn`);
    return `${missing}. Add ${paths.join(", ")} to it or, if the store has no KMS, set storage.encryption of home ${home.name}`;
  }
  if (!home.recorded) return recordHome(home);
  // The first org that shares the home's lock table needs the home's stack to create it.
  const shared = orgs.some(({ lockTable }) => lockTable === sharedLockTableOf(home.name));
  const stacks = [
    ...(shared ? [homeStackIdOf(home.name)] : []),
    ...orgs.map(({ name }) => accessStackIdOf(name)),
  ];
  return `${missing}. Run \`cdktf deploy ${stacks.join(" ")}\`, then \`genesys-orgs state record ${home.name}\``;
}
