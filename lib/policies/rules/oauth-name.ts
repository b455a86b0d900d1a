import { ENVIRONMENT_LABELS } from "../../registry/names";
import { nameOf, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

const LABELS = Object.values(ENVIRONMENT_LABELS);
const NAME = new RegExp(`^(${LABELS.join("|")})-[A-Z][A-Za-z0-9]*$`);

/** OAuth clients are named `[Environment]-[ServiceName]`. */
export const oauthName: PolicyRule = {
  id: "GO-OAUTH-NAME",
  severity: "error",
  title: "OAuth clients are named [Environment]-[ServiceName]",
  reason: "In the audit log and the list of clients the name alone says whose a client is.",
  fix: `Name it ${LABELS.join(", ")}, a hyphen, and the service in PascalCase: Production-CrmSync.`,
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const name = nameOf(client);
      if (name === undefined) {
        yield { at: client, message: "the name is an expression, which nobody can check at synth" };
      } else if (!NAME.test(name)) {
        yield { at: client, message: `the name is "${name}", not [Environment]-[ServiceName]` };
      }
    }
  },
};
