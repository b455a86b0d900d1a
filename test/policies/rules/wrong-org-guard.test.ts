import { type TerraformElement, TerraformHclModule } from "cdktf";
import { AuthDivision } from "../../../genesyscloud/auth-division";
import { GenesyscloudProvider } from "../../../genesyscloud/provider";
import { type OrgEntry, OrgStack } from "../../../lib";
import { wrongOrgGuard } from "../../../lib/policies/rules/wrong-org-guard";
import { temporaryFolder } from "../../support/folders";
import { sampleOrg, testApp } from "../../support/sample-org";
import { findingsOf, synthesize } from "../../support/synthesized-stack";

const messages = (add: (stack: OrgStack) => void = () => {}, patch: Partial<OrgEntry> = {}) => {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg("na-prod", patch));
  add(stack);
  // As it would be without the check in OrgStack itself.
  const unchecked = () => {
    try {
      return synthesize(stack);
    } catch (error) {
      return (error as { findings: readonly { rule: string; message: string }[] }).findings;
    }
  };
  const result = unchecked();
  return Array.isArray(result)
    ? result.filter(({ rule }) => rule === wrongOrgGuard.id).map(({ message }) => message)
    : findingsOf(wrongOrgGuard, result as Record<string, unknown>, { org: stack.org }).map(
        ({ message }) => message,
      );
};

const probeOf = (stack: OrgStack) =>
  stack.node.findChild("genesyscloud-probe") as GenesyscloudProvider;

const UNGUARDED =
  "oauthclient_id is not the expression with data.genesyscloud_organizations_me that OrgStack wrote";

describe("GO-WRONG-ORG-GUARD", () => {
  test("accepts the stack that OrgStack creates", () => {
    expect(messages((stack) => new AuthDivision(stack, "division", { name: "A" }))).toEqual([]);
  });

  describe("with the credentials in Secrets Manager", () => {
    const secrets = {
      vault: undefined,
      credentials: { source: "aws-secrets-manager" },
    } as const;
    const entryOf = (stack: OrgStack) => stack.node.findChild("genesys") as TerraformElement;

    test("accepts the stack that OrgStack creates", () => {
      expect(messages(() => {}, secrets)).toEqual([]);
    });

    test("refuses a secret whose org_id nobody looks at, or another's", () => {
      const message = "the secret's org_id is not compared with the org's";
      expect(
        messages((stack) => entryOf(stack).addOverride("lifecycle.postcondition", []), secrets),
      ).toEqual([message]);
      // Of the Vault's entry.
      const condition = `\${lower(try(self.data["org_id"], "")) == "11111111-1111-4111-8111-111111111111"}`;
      const wrong = [{ condition, error_message: "no" }];
      expect(
        messages((stack) => entryOf(stack).addOverride("lifecycle.postcondition", wrong), secrets),
      ).toEqual([message]);
    });
  });

  test.each<[string, (stack: OrgStack) => unknown, string]>([
    [
      "a probe that asks with another client",
      (stack) => probeOf(stack).addOverride("oauthclient_id", "another"),
      "its client is not that of genesyscloud.probe, so the guard asks with another",
    ],
    [
      "a probe that asks with another secret",
      (stack) => probeOf(stack).addOverride("oauthclient_secret", "another"),
      "oauthclient_secret is not that of genesyscloud.probe, so the guard asks elsewhere",
    ],
    [
      "a resource of the probe",
      (stack) =>
        new AuthDivision(stack, "division", {
          name: "A",
          provider: stack.node
            .findAll()
            .find((node): node is GenesyscloudProvider => node.node.id === "genesyscloud-probe"),
        }),
      "only data.genesyscloud_organizations_me may use provider genesyscloud.probe",
    ],
    [
      "credentials that an override puts in place of the guarded ones",
      (stack) => stack.genesyscloud.addOverride("oauthclient_id", "other"),
      UNGUARDED,
    ],
    [
      "an access token, which makes the provider ignore them",
      (stack) => stack.genesyscloud.addOverride("access_token", "${var.token}"),
      "access_token makes the provider ignore the guarded client",
    ],
    [
      "another configuration of the provider",
      (stack) => new GenesyscloudProvider(stack, "other", { alias: "other" }),
      UNGUARDED,
    ],
    [
      "an expression that only names the guard",
      (stack) =>
        stack.genesyscloud.addOverride(
          "oauthclient_id",
          '${data.genesyscloud_organizations_me.guard.id == "" ? "" : ephemeral.vault_kv_secret_v2.genesys.data.client_id}',
        ),
      UNGUARDED,
    ],
    [
      "a guard that asks another configuration",
      (stack) => {
        const guard = stack.node.tryFindChild("guard") as TerraformElement;
        guard.addOverride("provider", "genesyscloud.other");
      },
      "data.genesyscloud_organizations_me.guard does not use provider genesyscloud.probe",
    ],
    [
      "an entry whose org_id nobody looks at",
      (stack) => {
        const entry = stack.node.findChild("genesys") as TerraformElement;
        entry.addOverride("lifecycle.postcondition", "none");
      },
      "the Vault entry's org_id is not compared with the org's",
    ],
    [
      "a module that gets the probe",
      (stack) => {
        const probe = stack.node.findChild("genesyscloud-probe") as GenesyscloudProvider;
        const providers = [{ provider: probe, moduleAlias: "genesyscloud" }];
        new TerraformHclModule(stack, "module", { source: "example/module/genesys", providers });
      },
      "only data.genesyscloud_organizations_me may use provider genesyscloud.probe",
    ],
    [
      "the provider under another name",
      (stack) =>
        stack.addOverride("terraform.required_providers.gc", {
          source: "mypurecloud/genesyscloud",
          version: "1.84.1",
        }),
      "provider gc is mypurecloud/genesyscloud under another name",
    ],
  ])("refuses %s", (_, add, message) => {
    expect(messages(add)).toEqual([message]);
  });
});
