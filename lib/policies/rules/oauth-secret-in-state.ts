import { oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** The provider's ways to hand a client's secret on, except for the file. */
export const oauthSecretInState: PolicyRule = {
  id: "GO-OAUTH-SECRET-IN-STATE",
  severity: "warning",
  title: "A client's secret does not pass through Terraform",
  reason:
    "expose_client_secret stores it in the state in plain text; integration_credential_name empties the credential at the client's next update.",
  fix: "Let the rotator own the client: OAuthClientWithOffloadedSecret.",
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const { expose_client_secret, integration_credential_name } = client.body;
      if (expose_client_secret && expose_client_secret !== "false") {
        yield { at: client, message: "expose_client_secret stores the secret in the state" };
      }
      if (integration_credential_name) {
        yield {
          at: client,
          message:
            "integration_credential_name: the next update of the client overwrites the credential's secret with nothing",
          fix: "Use genesyscloud_integration_credential with the client's id instead.",
        };
      }
    }
  },
};
