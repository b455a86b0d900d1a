import { oauthSecretFile } from "../../../lib/policies/rules/oauth-secret-file";
import { findingsOf, oauthClient, orgStack } from "../../support/synthesized-stack";

describe("GO-OAUTH-SECRET-FILE", () => {
  test.each([{}, { directory_client_secret: "" }, { expose_client_secret: true }])(
    "accepts %j",
    (body) => {
      expect(findingsOf(oauthSecretFile, orgStack(oauthClient(body)))).toEqual([]);
    },
  );

  test("refuses directory_client_secret", () => {
    const stack = orgStack(oauthClient({ directory_client_secret: "/tmp" }));
    expect(findingsOf(oauthSecretFile, stack)).toMatchObject([
      { severity: "error", address: "genesyscloud_oauth_client.crm" },
    ]);
  });
});
