import { ENVIRONMENT_LABELS } from "../../registry/names";
import { nameOf, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** An OAuth client belongs to one environment, and is defined once. */
export const oauthShared: PolicyRule = {
  id: "GO-OAUTH-SHARED",
  severity: "error",
  title: "An OAuth client serves one environment, and one service",
  reason:
    "A client shared between environments lets a leak in development act in production, and cannot be rotated for one alone.",
  fix: "Give each environment and each service a client of its own.",
  *check(stack, { org }) {
    const seen = new Map<string, string>();
    for (const client of oauthClients(stack)) {
      const name = nameOf(client);
      if (name === undefined) continue;
      const label = Object.values(ENVIRONMENT_LABELS).find((known) => name.startsWith(`${known}-`));
      if (org && label && label !== ENVIRONMENT_LABELS[org.environment]) {
        yield {
          at: client,
          message: `"${name}" is a client of ${label}, in org ${org.name}, which is ${org.environment}`,
        };
      }
      const first = seen.get(name);
      if (first) yield { at: client, message: `"${name}" is also the name of ${first}` };
      else seen.set(name, client.address);
    }
  },
};
