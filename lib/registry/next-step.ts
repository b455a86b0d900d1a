import type { Home, Org } from "./model";

/** What to do next with a home whose own key is not recorded. */
export const recordHome = ({ name }: Home): string =>
  `the record has no KMS key for home ${name}: \`genesys-orgs state bootstrap ${name}\``;

/** What to do next with an org whose key is not recorded. */
export const nextStep = (org: Org): string => recordOrgs(org.state.home, [org]);

/** What to do next with orgs whose keys are not recorded: one line for each home. */
export function nextSteps(orgs: readonly Org[]): string[] {
  const homes = [...new Set(orgs.map(({ state }) => state.home))];
  return homes.map((home) => {
    const there = orgs.filter(({ state }) => state.home === home);
    const verb = there.length === 1 ? "is" : "are";
    const names = there.map(({ name }) => name).join(", ");
    return `${names} ${verb} left out: ${recordOrgs(home, there)}`;
  });
}

function recordOrgs(home: Home, orgs: readonly Org[]): string {
  if (!home.storage && !home.kmsKeyArn) return recordHome(home);
  const missing = `the record has no KMS key for ${orgs.length === 1 ? "it" : "them"}`;
  if (home.storage) {
    const places = orgs.map(({ name }) => `homes.${home.name}.orgs.${name}.kmsKeyArn`);
    return `${missing}: add ${places.join(", ")}`;
  }
  // Whoever is the first to share the table needs the home to make it.
  const shared = orgs.some(({ state }) => state.lockTable && !state.ownLockTable);
  const stacks = [
    ...(shared ? [home.stackId] : []),
    ...orgs.map(({ state }) => state.access.stackId),
  ];
  return `${missing}: ${deployAndRecord(stacks, home.name)}`;
}

const deployAndRecord = (stacks: readonly string[], home: string) =>
  `\`cdktf deploy ${stacks.join(" ")}\`, then \`genesys-orgs state record ${home}\``;
