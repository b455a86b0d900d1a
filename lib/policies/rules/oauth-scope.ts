import { grantOf, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";
import { asList } from "../synthesized-stack";

/**
 * Scopes with which a client can extend its own or others' rights, or reach other systems. Each also
 * has a form with `:readonly`; without it, the scope allows to read and write the whole resource.
 */
const BROAD_SCOPES: ReadonlyMap<string, string> = new Map([
  ["*", "means every scope"],
  ["authorization", "grants roles and divisions to anyone"],
  ["identity-providers", "changes how users log in"],
  ["infrastructureascode", "runs configurations with rights of their own"],
  ["integrations", "changes integrations and the credentials they hold"],
  ["oauth", "creates OAuth clients and new secrets for existing ones"],
  ["organization", "changes settings of the whole organisation"],
  ["organization-authorization", "admits other organisations as trustees"],
  ["scim", "creates users and puts them into groups"],
  ["users", "creates users and changes their passwords and roles"],
]);

/** No scopes that control the organisation, and none without effect. */
export const oauthScope: PolicyRule = {
  id: "GO-OAUTH-SCOPE",
  severity: "error",
  title: "OAuth clients have narrow scopes, and only where scopes have an effect",
  reason:
    "With a broad scope, a user's stolen token controls the organisation. Genesys Cloud ignores the scopes of clients with client credentials, so they only seem to restrict.",
  fix: "Ask for the scope with :readonly, or for a narrower one.",
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const scopes = asList(client.body.scopes).map(String);
      if (grantOf(client) === "CLIENT-CREDENTIALS") {
        if (scopes.length > 0) {
          yield {
            at: client,
            message: `scopes (${scopes.join(", ")}) have no effect on a client with grant CLIENT-CREDENTIALS`,
            fix: "Leave scopes out; restrict the client by its roles.",
          };
        }
        continue;
      }
      for (const scope of scopes) {
        const danger = BROAD_SCOPES.get(scope.trim().toLowerCase());
        if (danger) yield { at: client, message: `scope "${scope}" ${danger}` };
      }
    }
  },
};
