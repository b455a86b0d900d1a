import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { type TerraformElement, TerraformResource, Testing } from "cdktf";
import { AccessStack, OrgRotation, OrgStack, Policies, PolicyError } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, sampleOrg, testApp } from "../support/sample-org";
import { homeRegistry } from "../support/state-stacks";
import { synthesize } from "../support/synthesized-stack";

const RULE = "GO-OAUTH-TOKEN-LIFETIME";

/** The stack of an org with one client, whose tokens live too long. */
function stackWithBrokenRule() {
  const stack = new OrgStack(Testing.app(), sampleOrg());
  const client = new TerraformResource(stack, "crm", {
    terraformResourceType: "genesyscloud_oauth_client",
    provider: stack.genesyscloud,
  });
  client.addOverride("name", "Production-CrmSync");
  client.addOverride("authorized_grant_type", "CLIENT-CREDENTIALS");
  client.addOverride("access_token_validity_seconds", 604_800);
  return { stack, client };
}

test("an org's own stack breaks no rule", () => {
  expect(() => Testing.synth(new OrgStack(Testing.app(), sampleOrg()))).not.toThrow();
});

test("an org's stack that breaks a rule does not synthesize, escape hatches included", () => {
  const { stack } = stackWithBrokenRule();
  const synth = () => Testing.synth(stack);
  expect(synth).toThrow(PolicyError);
  expect(synth).toThrow(
    `org-na-prod/crm (genesyscloud_oauth_client.crm)\n  error ${RULE}: access_token_validity_seconds is 604800`,
  );
});

test("a stack with a waiver synthesizes", () => {
  const { stack, client } = stackWithBrokenRule();
  Policies.waive(client, RULE, "SCIM provisioning, whose tokens last a week");
  expect(() => Testing.synth(stack)).not.toThrow();
});

describe("an org's stack that differs from its registry does not synthesize", () => {
  const OTHER = "22222222-2222-4222-8222-222222222222";
  const OWN = "11111111-1111-4111-8111-111111111111";
  const org = (patch = {}) => sampleOrg("na-prod", patch);
  const synth = (change: (stack: OrgStack) => void, of = org()) => {
    const stack = new OrgStack(Testing.app(), of);
    change(stack);
    return () => Testing.synth(stack);
  };
  const inBackend = (name: string, value: unknown) => (stack: OrgStack) =>
    stack.addOverride(`terraform.backend.s3.${name}`, value);
  const both = { state: { home: "home", lock: "both", ownLockTable: true } } as const;

  test.each<[string, unknown, string]>([
    [
      "key",
      "orgs/eu-prod/terraform.tfstate",
      'key is "orgs/eu-prod/terraform.tfstate", but follows from the registry as "orgs/na-prod/terraform.tfstate"',
    ],
    ["key", "orgs/na-prod/other/terraform.tfstate", 'as "orgs/na-prod/terraform.tfstate"'],
    ["bucket", "other", 'bucket is "other", but follows from the registry as "state-bucket"'],
    ["region", "eu-west-1", 'region is "eu-west-1", but'],
    ["allowed_account_ids", undefined, "allowed_account_ids is missing, but"],
    ["allowed_account_ids", ["222222222222"], '"222222222222"], but follows from the registry as'],
    ["endpoints", { s3: "https://s3.example.com" }, "endpoints is set, but does not follow"],
    ["endpoint", "https://s3.example.com", "endpoint is set, but does not follow"],
    ["assume_role", { role_arn: "arn:aws:iam::1:role/x" }, "assume_role is set, but does not"],
    ["workspace_key_prefix", "orgs/eu-prod", "workspace_key_prefix is set, but does not follow"],
    ["skip_requesting_account_id", true, "skip_requesting_account_id is set, but does not follow"],
    ["dynamodb_table", "unknown-table", "dynamodb_table is set, but does not follow"],
  ])("backend %s %j", (name, value, message) => {
    expect(synth(inBackend(name, value))).toThrow(message);
  });

  test("backend with another lock table, or without the lock file of its lock mode", () => {
    expect(synth(inBackend("dynamodb_table", "unknown"), org(both))).toThrow(
      'dynamodb_table is "unknown", but follows from the registry as "genesys-state-lock-na-prod"',
    );
    expect(synth(inBackend("use_lockfile", undefined), org(both))).toThrow(
      "use_lockfile is missing, but follows from the registry as true",
    );
  });

  test("a credential in the backend is not repeated", () => {
    const stack = synth(inBackend("secret_key", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE"));
    expect(stack).toThrow("secret_key is set, but does not follow from the registry");
    expect(stack).not.toThrow("wJalr");
  });

  test("while how Terraform talks to S3 is the project's own affair", () => {
    const change = (stack: OrgStack) => {
      inBackend("max_retries", 9)(stack);
      inBackend("https_proxy", "http://proxy.example.com:8080")(stack);
      inBackend("profile", "ci")(stack);
    };
    expect(synth(change)).not.toThrow();
  });

  test("a guard with another organisation's id", () => {
    const change = (stack: OrgStack) => {
      const json = JSON.stringify(synthesize(new OrgStack(testApp(temporaryFolder()), org())));
      const [, guarded = ""] = /"oauthclient_id":("\$\{\(lower.*?[^\\]")/.exec(json) ?? [];
      stack.genesyscloud.addOverride("oauthclient_id", JSON.parse(guarded).replace(OWN, OTHER));
    };
    expect(synth(change)).toThrow(`the guard compares with ${OTHER}, but na-prod is ${OWN}`);
  });

  test("a postcondition with another organisation's id, or with one that anything meets", () => {
    const condition = (text: string) => (stack: OrgStack) =>
      (stack.node.findChild("genesys") as TerraformElement).addOverride("lifecycle.postcondition", [
        { condition: text, error_message: "org_id" },
      ]);
    expect(synth(condition(`\${lower(try(self.data["org_id"], "")) == "${OTHER}"}`))).toThrow(
      `the Vault entry's org_id is compared with ${OTHER}, but na-prod is ${OWN}`,
    );
    expect(synth(condition('${try(self.data["org_id"], "") != ""}'))).toThrow(
      "the Vault entry's org_id is not compared with the org's",
    );
  });

  test("a provider that connects elsewhere than the guard", () => {
    expect(
      synth(({ genesyscloud }) => genesyscloud.addOverride("aws_region", "eu-west-1")),
    ).toThrow("aws_region is not that of genesyscloud.probe, so the guard asks elsewhere");
  });

  test.each([
    [
      "genesyscloud",
      { version: ">= 1.60.0" },
      'required provider genesyscloud ">= 1.60.0" allows versions before 1.81.0',
    ],
    ["aws", { version: "~> 6.0" }, '"~> 6.0" allows versions before 6.26.0'],
    ["vault", { version: "< 6.0.0" }, '"< 6.0.0" allows versions before 5.0.0'],
    [
      "genesyscloud",
      { source: "example/genesyscloud" },
      "is example/genesyscloud, and not mypurecloud/genesyscloud",
    ],
  ])("provider %s %j", (name, settings, message) => {
    const change = (stack: OrgStack) => {
      for (const [setting, value] of Object.entries(settings)) {
        stack.addOverride(`terraform.required_providers.${name}.${setting}`, value);
      }
    };
    expect(synth(change)).toThrow(message);
  });

  test("and a provider's version in one stack leaves those of other stacks as they are", () => {
    const change = (stack: OrgStack) =>
      stack.addOverride("terraform.required_providers.aws.version", ">= 6.40.0");
    expect(synth(change)()).toContain(">= 6.40.0");
    expect(synth(() => {})()).toContain(">= 6.26.0, < 7.0.0");
  });

  test("a role of the rotation without its boundary", () => {
    const change = (stack: OrgStack) => {
      const rotation = new OrgRotation(stack, "rotation");
      for (const role of rotation.node.findAll().filter((node) => node instanceof IamRole)) {
        role.addOverride("permissions_boundary", undefined);
      }
    };
    expect(synth(change)).toThrow(
      "role genesys-na-prod-rotator has no permissions_boundary; the registry has arn:aws:iam::111111111111:policy/genesys-na-prod-boundary",
    );
  });

  test("a home's or an access stack's backend", () => {
    const registry = homeRegistry([entry("na", 1)]);
    const stack = new AccessStack(Testing.app(), registry.get("na"));
    stack.addOverride("terraform.backend.s3.key", "access/eu/terraform.tfstate");
    expect(() => Testing.synth(stack)).toThrow(
      'key is "access/eu/terraform.tfstate", but follows from the registry as "access/na/terraform.tfstate"',
    );
  });
});
