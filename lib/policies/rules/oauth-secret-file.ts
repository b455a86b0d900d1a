import { oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** No client's secret is written to the disk of whoever runs Terraform. */
export const oauthSecretFile: PolicyRule = {
  id: "GO-OAUTH-SECRET-FILE",
  severity: "error",
  title: "A client's secret is not written to a file",
  reason:
    "directory_client_secret leaves the secret on the runner in a file with mode 0777 less the umask; the provider only logs it when that fails, and then writes to the working directory.",
  fix: "Let the rotator own the client: OAuthClientWithOffloadedSecret.",
  *check(stack) {
    for (const client of oauthClients(stack)) {
      if (client.body.directory_client_secret) {
        yield {
          at: client,
          message: "directory_client_secret writes the secret to a file that every user can read",
        };
      }
    }
  },
};
