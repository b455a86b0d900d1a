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
  reason:
    "In the audit log and in the list of clients, only the name shows which service uses a client.",
  fix: `Use one of ${LABELS.join(", ")}, a hyphen, and the service in PascalCase, for example Production-CrmSync.`,
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const name = nameOf(client);
      if (name === undefined) {
        yield {
          at: client,
          message: "the name is an expression, which cannot be checked at synth",
        };
      } else if (!NAME.test(name)) {
        yield { at: client, message: `the name is "${name}", not [Environment]-[ServiceName]` };
      }
    }
  },
};
