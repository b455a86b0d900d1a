import { TOKEN_LIFETIME } from "../../registry/defaults";
import { oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";
import { isExpression } from "../synthesized-stack";

// Genesys Cloud has longer ones for SCIM only.
const { least: SHORTEST, most: LONGEST } = TOKEN_LIFETIME;

/** Access tokens live at most 48 hours. */
export const oauthTokenLifetime: PolicyRule = {
  id: "GO-OAUTH-TOKEN-LIFETIME",
  severity: "error",
  title: "Access tokens live between 5 minutes and 48 hours",
  reason:
    "A token stays valid after its secret was rotated, so a long lifetime prolongs a leak. Genesys Cloud refuses less than 300 seconds.",
  fix: `Set access_token_validity_seconds from ${SHORTEST} to ${LONGEST}; ${TOKEN_LIFETIME.default} is enough for most services.`,
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const value = client.body.access_token_validity_seconds;
      if (value === undefined || value === null || isExpression(value)) continue;
      const seconds = Number(value);
      if (!(seconds >= SHORTEST && seconds <= LONGEST)) {
        yield { at: client, message: `access_token_validity_seconds is ${value}` };
      }
    }
  },
};
