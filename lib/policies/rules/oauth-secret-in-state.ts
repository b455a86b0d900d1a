import { oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** The provider does not pass on a client's secret; another rule is about files. */
export const oauthSecretInState: PolicyRule = {
  id: "GO-OAUTH-SECRET-IN-STATE",
  severity: "warning",
  title: "A client's secret does not pass through Terraform",
  reason:
    "expose_client_secret stores it in the state in plain text. integration_credential_name empties the credential at the client's next update.",
  fix: "Use OAuthClientWithOffloadedSecret, so that the rotator owns the client.",
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
            "integration_credential_name makes the client's next update empty the credential's secret",
          fix: "Use genesyscloud_integration_credential with the client's id instead.",
        };
      }
    }
  },
};
