import { grantOf, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";
import { asList } from "../synthesized-stack";

/**
 * Scopes that let a client raise its own or others' rights, or reach other systems. Each has a
 * form with `:readonly`; a scope without it means reading and writing everything of its resource.
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

/** No scopes that hand over the organisation, and none where they mean nothing. */
export const oauthScope: PolicyRule = {
  id: "GO-OAUTH-SCOPE",
  severity: "error",
  title: "OAuth clients have narrow scopes, and only where scopes count",
  reason:
    "A broad scope turns any stolen token of a user into control of the organisation. With client credentials Genesys Cloud ignores scopes: they only seem to restrict.",
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
