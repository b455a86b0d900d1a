import { oauthSecretInState } from "../../../lib/policies/rules/oauth-secret-in-state";
import { findingsOf, oauthClient, orgStack } from "../../support/synthesized-stack";

describe("GO-OAUTH-SECRET-IN-STATE", () => {
  test.each([{}, { expose_client_secret: false }, { expose_client_secret: "false" }])(
    "accepts %j",
    (body) => {
      expect(findingsOf(oauthSecretInState, orgStack(oauthClient(body)))).toEqual([]);
    },
  );

  test.each([
    [{ expose_client_secret: "${var.expose}" }, "warning", "expose_client_secret stores"],
    [{ expose_client_secret: true }, "warning", "expose_client_secret stores the secret"],
    [
      { integration_credential_name: "crm" },
      "warning",
      "integration_credential_name makes the client's next update empty the credential's secret",
    ],
  ])("reports %j as %s", (body, severity, message) => {
    expect(findingsOf(oauthSecretInState, orgStack(oauthClient(body)))).toEqual([
      expect.objectContaining({ severity, message: expect.stringContaining(message) }),
    ]);
  });
});
