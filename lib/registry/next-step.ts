import type { Home, Org } from "./model";

/** What to do next with a home whose own key is not recorded. */
export const recordHome = ({ name, stackId }: Home): string =>
  `the record has no KMS key for home ${name}: \`cdktf deploy ${stackId}\`, then \`genesys-orgs state record ${name}\``;

/** What to do next with an org whose key is not recorded. */
export function nextStep({ name, state }: Org): string {
  const { home, access } = state;
  if (home.storage) {
    return `the record has no KMS key for it: add homes.${home.name}.orgs.${name}.kmsKeyArn`;
  }
  if (!home.kmsKeyArn) return recordHome(home);
  return `the record has no KMS key for it: \`cdktf deploy ${access.stackId}\`, then \`genesys-orgs state record ${home.name}\``;
}
