import { ENVIRONMENT_LABELS } from "../../registry/names";
import { nameOf, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** An OAuth client belongs to one environment, and is defined once. */
export const oauthShared: PolicyRule = {
  id: "GO-OAUTH-SHARED",
  severity: "error",
  title: "An OAuth client serves one environment, and one service",
  reason:
    "With a shared client, a leak in development gives access to production, and the client cannot rotate for one environment alone.",
  fix: "Give each environment and each service its own client.",
  *check(stack, { org }) {
    const seen = new Map<string, string>();
    for (const client of oauthClients(stack)) {
      const name = nameOf(client);
      if (name === undefined) continue;
      const label = Object.values(ENVIRONMENT_LABELS).find((known) => name.startsWith(`${known}-`));
      if (org && label && label !== ENVIRONMENT_LABELS[org.environment]) {
        yield {
          at: client,
          message: `"${name}" is a client for ${label}, but org ${org.name} is ${org.environment}`,
        };
      }
      const first = seen.get(name);
      if (first) yield { at: client, message: `"${name}" is also the name of ${first}` };
      else seen.set(name, client.address);
    }
  },
};
