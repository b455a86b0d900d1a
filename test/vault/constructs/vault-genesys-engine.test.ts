import { Testing } from "cdktf";
import {
  type Org,
  type OrgEntry,
  UserError,
  VaultAccessStack,
  VaultGenesysEngine,
  type VaultGenesysEngineProps,
} from "../../../lib";
import { temporaryFolder } from "../../support/folders";
import { entry, testApp } from "../../support/sample-org";
import { homeRegistry } from "../../support/state-stacks";

const ROLE = "arn:aws:iam::111111111111:role/agent-assist";
const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

const orgWith = (patch: Partial<OrgEntry> = {}): Org =>
  homeRegistry([
    entry("na-prod", 1, {
      oauthClients: [
        { name: "agent-assist", permissions, consumers: [ROLE], broker: {} },
        { name: "exporter", permissions, broker: { maxTtlSeconds: 7 * 86_400 } },
        { name: "crm-sync", permissions },
      ],
      ...patch,
    }),
  ]).get("na-prod");

type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

function engineOf(org: Org, props: Omit<VaultGenesysEngineProps, "org"> = {}) {
  const stack = new VaultAccessStack(testApp(temporaryFolder()), org);
  new VaultGenesysEngine(stack, "engine", { org, ...props });
  const { resource = {} } = JSON.parse(Testing.synth(stack)) as { resource?: Blocks };
  return (type: string) =>
    Object.values(resource[type] ?? {}).map(({ "//": _, ...fields }) => fields);
}

test("the engine is mounted for the longest lease, and Terraform cannot remove it by mistake", () => {
  const [mount] = engineOf(orgWith())("vault_mount");
  expect(mount).toEqual({
    path: "genesyscloud/na-prod",
    type: "vault-plugin-secrets-genesyscloud",
    description: "OAuth clients of na-prod",
    max_lease_ttl_seconds: 7 * 86_400,
    audit_non_hmac_response_keys: ["client_id", "org_id"],
    lifecycle: { prevent_destroy: true },
  });
});

test("each client's consumers have a policy, and the people who configure the engine have one", () => {
  const names = engineOf(orgWith())("vault_policy").map(({ name }) => name);
  expect(names).toEqual([
    "genesys-na-prod-broker",
    "genesys-na-prod-consumer-agent-assist",
    "genesys-na-prod-consumer-exporter",
  ]);
});

test("consumers with an IAM role log in by it where the AWS login is named", () => {
  const blocks = engineOf(orgWith(), { awsMount: "aws-consumers" });
  expect(blocks("vault_aws_auth_backend_role")).toEqual([
    {
      backend: "aws-consumers",
      role: "genesys-na-prod-consumer-agent-assist",
      auth_type: "iam",
      bound_iam_principal_arns: [ROLE],
      token_policies: ["genesys-na-prod-consumer-agent-assist"],
      token_ttl: 3600,
      token_max_ttl: 86_400,
      token_type: "service",
    },
  ]);
  expect(engineOf(orgWith())("vault_aws_auth_backend_role")).toEqual([]);
});

test("consumers with shorter leases have tokens as long as others, which Vault accepts", () => {
  const consumers = [ROLE];
  const broker = { ttlSeconds: 300, maxTtlSeconds: 900 };
  const org = orgWith({ oauthClients: [{ name: "agent-assist", permissions, consumers, broker }] });
  const [role] = engineOf(org, { awsMount: "aws" })("vault_aws_auth_backend_role");
  expect(role).toMatchObject({ token_ttl: 3600, token_max_ttl: 3600 });
});

test("a plugin by another name and with a version", () => {
  const [mount] = engineOf(orgWith(), { plugin: "genesys", pluginVersion: "v0.1.0" })(
    "vault_mount",
  );
  expect(mount).toMatchObject({ type: "genesys", plugin_version: "v0.1.0" });
});

test("a retired org keeps the mount, so that leases can end, and nobody can get another", () => {
  const blocks = engineOf(orgWith({ retired: true }), { awsMount: "aws" });
  expect(blocks("vault_mount")).toHaveLength(1);
  expect([...blocks("vault_policy"), ...blocks("vault_aws_auth_backend_role")]).toEqual([]);
});

test("an org without a brokered client is refused", () => {
  const org = orgWith({ oauthClients: [] });
  expect(() => engineOf(org)).toThrow(UserError);
  expect(() => engineOf(org)).toThrow(/na-prod has no OAuth client with broker/);
});
