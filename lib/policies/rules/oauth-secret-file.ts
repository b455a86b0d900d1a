import { oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";

/** No client's secret is written to the disk of the machine that runs Terraform. */
export const oauthSecretFile: PolicyRule = {
  id: "GO-OAUTH-SECRET-FILE",
  severity: "error",
  title: "A client's secret is not written to a file",
  reason:
    "directory_client_secret writes the secret to a file on the runner with mode 0777 less the umask. If that fails, the provider only logs it, and writes to the working directory.",
  fix: "Use OAuthClientWithOffloadedSecret, so that the rotator owns the client.",
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
