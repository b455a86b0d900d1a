import { oauthName } from "../../../lib/policies/rules/oauth-name";
import { findingsOf, messagesOf, oauthClient, orgStack } from "../../support/synthesized-stack";

describe("GO-OAUTH-NAME", () => {
  test.each(["Production-CrmSync", "Staging-Wfm2", "Development-X", "Sandbox-DataExport"])(
    "accepts %s",
    (name) => {
      expect(findingsOf(oauthName, orgStack(oauthClient({ name })))).toEqual([]);
    },
  );

  test.each([
    "crm-sync",
    "Production-crmSync",
    "Production-Crm-Sync",
    "Production-Crm Sync",
    "production-CrmSync",
    "Prod-CrmSync",
    "Production-",
    "Production-CrmSync#4711",
    "",
  ])("refuses %j", (name) => {
    expect(messagesOf(oauthName, orgStack(oauthClient({ name })))).toEqual([
      `the name is "${name}", not [Environment]-[ServiceName]`,
    ]);
  });

  test("refuses a name that only Terraform knows", () => {
    const stack = orgStack(oauthClient({ name: "${var.name}" }));
    expect(messagesOf(oauthName, stack)).toEqual([
      "the name is an expression, which cannot be checked at synth",
    ]);
  });

  test("names rule, stack, construct, address and fix", () => {
    expect(findingsOf(oauthName, orgStack(oauthClient({ name: "crm" })))).toEqual([
      {
        rule: "GO-OAUTH-NAME",
        severity: "error",
        stack: "org-na-prod",
        construct: "org-na-prod/crm",
        address: "genesyscloud_oauth_client.crm",
        message: 'the name is "crm", not [Environment]-[ServiceName]',
        fix: "Use one of Production, Staging, Development, Sandbox, a hyphen, and the service in PascalCase, for example Production-CrmSync.",
      },
    ]);
  });
});
