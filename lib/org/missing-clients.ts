import type { TerraformStack } from "cdktf";
import { OrgStack } from "./org-stack";

/**
 * Returns a message for each organisation whose registry entry names OAuth clients that no stack
 * creates, or whose stack leaves to others a client that the registry does not have.
 *
 * @param created names of the created clients, by organisation
 */
export function missingClients(
  stacks: readonly TerraformStack[],
  created: ReadonlyMap<string, readonly string[]>,
): string[] {
  return stacks.filter(OrgStack.isOrgStack).flatMap(({ org, clientsElsewhere }) => {
    const names = org.oauthClients.map(({ name }) => name);
    const made = [...(created.get(org.name) ?? []), ...clientsElsewhere];
    const missing = names.filter((name) => !made.includes(name));
    const unknown = clientsElsewhere.filter((name) => !names.includes(name));
    return [
      ...(missing.length > 0
        ? [
            `${org.name}: no stack creates the OAuth clients ${missing.join(", ")} of the registry. Add an OAuthClientWithOffloadedSecret for each of org.oauthClients, or name them in clientsElsewhere of the OrgStack`,
          ]
        : []),
      ...(unknown.length > 0
        ? [
            `${org.name}: clientsElsewhere names ${unknown.join(", ")}, but the registry has no such OAuth client. Correct the name or remove it`,
          ]
        : []),
    ];
  });
}
