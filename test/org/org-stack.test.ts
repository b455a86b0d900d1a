import { Fn, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { OrgStack, SecureStateBackend, UserError } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, registryOf, sampleOrg, testApp } from "../support/sample-org";

type Json = { [key: string]: Json } & { [index: number]: Json } & string;

const synthesized = (stack: OrgStack): Json => JSON.parse(JSON.stringify(stack.toTerraform()));

test("an org's stack has its own state, and requires Terraform 1.11 and bounded providers", () => {
  const { terraform } = synthesized(new OrgStack(testApp(temporaryFolder()), sampleOrg()));
  expect(terraform?.backend?.s3?.key).toBe("orgs/na-prod/terraform.tfstate");
  expect(terraform?.required_version).toBe(">= 1.11.0");
  expect(terraform?.required_providers).toEqual({
    genesyscloud: { source: "mypurecloud/genesyscloud", version: ">= 1.81.0, < 2.0.0" },
    aws: { source: "hashicorp/aws", version: ">= 6.26.0, < 7.0.0" },
    vault: { source: "hashicorp/vault", version: ">= 5.0.0, < 6.0.0" },
  });
});

test("provider credentials come from the chosen Vault entry, for the run alone", () => {
  const stack = synthesized(new OrgStack(testApp(temporaryFolder()), sampleOrg()));
  expect(stack.ephemeral?.vault_kv_secret_v2?.genesys?.name).toBe(
    '${(var.genesys_credential == "planner") ? "genesys/production/na-prod/planner" : "genesys/production/na-prod/deployer"}',
  );
  expect(stack.variable?.genesys_credential?.default).toBe("deployer");
  for (const provider of Object.values(stack.provider?.genesyscloud ?? {})) {
    expect(provider.oauthclient_secret).toBe(
      "${ephemeral.vault_kv_secret_v2.genesys.data.client_secret}",
    );
  }
  expect(Object.keys(stack.data ?? {})).toEqual(["genesyscloud_organizations_me"]);
});

test.each([
  [{ method: "token" }, {}],
  [
    { method: "jwt" },
    {
      skip_child_token: true,
      auth_login_jwt: [{ mount: "jwt", role: "genesys-na-prod-${var.genesys_credential}" }],
    },
  ],
  [
    { method: "aws", mount: "aws-ci", role: "ci" },
    {
      skip_child_token: true,
      auth_login_aws: [
        { mount: "aws-ci", role: "ci-${var.genesys_credential}", aws_region: "us-east-1" },
      ],
    },
  ],
  [
    { method: "aws", stsRegion: "eu-central-1", serverId: "vault.example.com" },
    {
      skip_child_token: true,
      auth_login_aws: [
        {
          mount: "aws",
          role: "genesys-na-prod-${var.genesys_credential}",
          aws_region: "eu-central-1",
          header_value: "vault.example.com",
        },
      ],
    },
  ],
  [
    { method: "kubernetes" },
    {
      skip_child_token: true,
      auth_login_jwt: [{ mount: "kubernetes", role: "genesys-na-prod-${var.genesys_credential}" }],
    },
  ],
  [
    { method: "approle", mount: "approle-ci" },
    {
      skip_child_token: true,
      auth_login: [
        {
          path: "auth/approle-ci/login",
          parameters: {
            role_id: "${var.vault_role_id}",
            secret_id: "${var.vault_secret_id}",
          },
        },
      ],
    },
  ],
] as const)("Vault login by %j", (auth, expected) => {
  const org = sampleOrg("na-prod", {
    vault: { address: "https://vault.example.com", namespace: "team", auth },
  });
  const { provider } = synthesized(new OrgStack(testApp(temporaryFolder()), org));
  expect(provider?.vault?.[0]).toEqual({
    address: "https://vault.example.com",
    namespace: "team",
    ...expected,
  });
});

test("the ids of an AppRole are variables that Terraform stores nowhere, and that must be given", () => {
  const org = sampleOrg("na-prod", {
    vault: { address: "https://vault.example.com", auth: { method: "approle" } },
  });
  const { variable } = synthesized(new OrgStack(testApp(temporaryFolder()), org));
  for (const name of ["vault_role_id", "vault_secret_id"]) {
    expect(variable?.[name]).toMatchObject({ ephemeral: true, sensitive: true, nullable: false });
    expect(variable?.[name]).not.toHaveProperty("default");
  }
});

test.each([
  ["token", true, true],
  ["jwt", false, undefined],
] as const)("skipChildToken of a login by %s can be %p", (method, skipChildToken, expected) => {
  const org = sampleOrg("na-prod", {
    vault: { address: "https://vault.example.com", auth: { method }, skipChildToken },
  });
  const { provider } = synthesized(new OrgStack(testApp(temporaryFolder()), org));
  expect(provider?.vault?.[0]?.skip_child_token).toBe(expected);
});

test("the aws provider is bound to the org's account and role, and tags everything", () => {
  const deployRole = "arn:aws:iam::111111111111:role/deploy";
  const planRole = "arn:aws:iam::111111111111:role/plan";
  const org = sampleOrg("na-prod", {
    aws: { account: "111111111111", region: "eu-west-1", deployRole, planRole },
    tags: { "cost-centre": "42" },
  });
  const { provider } = synthesized(new OrgStack(testApp(temporaryFolder()), org));
  expect(provider?.aws?.[0]).toEqual({
    region: "eu-west-1",
    allowed_account_ids: ["111111111111"],
    assume_role: [
      {
        role_arn: `\${(var.genesys_credential == "planner") ? "${planRole}" : "${deployRole}"}`,
        session_name: "terraform-na-prod",
      },
    ],
    default_tags: [
      {
        tags: {
          "cost-centre": "42",
          "genesys-org": "na-prod",
          environment: "production",
          owner: "team",
          "managed-by": "cdktf-genesys-orgs",
        },
      },
    ],
  });
});

test.each<[string, (division: AuthDivision) => unknown]>([
  ["a value", (division) => division.id],
  ["a part of a text", (division) => `division ${division.id}`],
  ["an item of a list", (division) => [division.id]],
  ["a value deep inside", (division) => ({ a: [{ b: { c: division.name } }] })],
  ["an argument of a function", (division) => Fn.join("-", ["x", Fn.upper(division.id)])],
  ["a part of JSON", (division) => Fn.jsonencode({ id: division.id })],
  ["a key of a map", (division) => ({ [division.id]: "x" })],
  ["a boolean", (division) => division.home],
])("%s of another org's stack fails synth, and both are named", (_, pick) => {
  const app = testApp(temporaryFolder());
  const registry = registryOf(entry("na-prod", 1), entry("eu-prod", 2));
  const division = new AuthDivision(new OrgStack(app, registry.get("na-prod")), "division", {
    name: "A",
  });
  new TerraformOutput(new OrgStack(app, registry.get("eu-prod")), "stolen", {
    value: pick(division),
  });
  expect(() => app.synth()).toThrow(
    /org-eu-prod refers to org-na-prod: an organisation's stack must not depend on another organisation's stack/,
  );
});

test("a reference to a stack that belongs to no org reads that stack's state, as in cdktf", () => {
  const outdir = temporaryFolder();
  const app = testApp(outdir);
  const shared = new TerraformStack(app, "shared");
  const value = new TerraformVariable(shared, "value", { default: "x" });
  const stack = new OrgStack(app, sampleOrg());
  new TerraformOutput(stack, "taken", { value: [{ deep: value.stringValue }] });
  app.synth();
  expect(synthesized(stack).data).toHaveProperty("terraform_remote_state");
});

test("a dependency on another org's stack that is declared by hand fails too", () => {
  const app = testApp(temporaryFolder());
  const registry = registryOf(entry("na-prod", 1), entry("eu-prod", 2));
  const [one, other] = registry.orgs.map((org) => new OrgStack(app, org));
  expect(() => one?.addDependency(other as OrgStack)).toThrow("org-na-prod refers to org-eu-prod");
});

test("a stack that belongs to no org may depend on an org's stack", () => {
  const app = testApp(temporaryFolder());
  const shared = new TerraformStack(app, "shared");
  expect(() => shared.addDependency(new OrgStack(app, sampleOrg()))).not.toThrow();
});

test("an org without a recorded key has no backend, and the message names the command to run", () => {
  const org = sampleOrg();
  const unrecorded = { ...org, state: { ...org.state, kmsKeyArn: undefined } };
  expect(() =>
    SecureStateBackend.forOrg(new TerraformStack(testApp(temporaryFolder()), "stack"), unrecorded),
  ).toThrow(
    "na-prod: the record has no KMS key for home home. Run `genesys-orgs state bootstrap home`",
  );
});

test("HCL output is refused, since it would lose the ephemeral blocks", () => {
  expect(() => new OrgStack(testApp(temporaryFolder()), sampleOrg()).toHclTerraform()).toThrow(
    UserError,
  );
});
