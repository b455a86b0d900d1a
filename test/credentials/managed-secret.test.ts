import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Testing } from "cdktf";
import { ManagedSecret, type ManagedSecretEntry, type OrgEntry, OrgStack } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";
import type { Synthesized } from "../support/state-stacks";

const CRM = "arn:aws:iam::111111111111:role/crm";
const ABROAD = "arn:aws:iam::222222222222:role/crm";
const CMK = "arn:aws:kms:us-east-1:111111111111:key/0b5c7b7e-1f0a-4d1b-9a55-0c9b8e2d6a01";

function stackWith(entry: Partial<ManagedSecretEntry>, patch: Partial<OrgEntry> = {}) {
  const secrets = [{ name: "tickets-api", kind: "third-party-api-key" as const, ...entry }];
  const org = sampleOrg("na-prod", { secrets, ...patch });
  const stack = new OrgStack(testApp(temporaryFolder()), org);
  const [secret] = org.secrets;
  if (!secret) throw new Error("no secret");
  return { stack, secret, made: new ManagedSecret(stack, "tickets", { secret }) };
}

const synthesized = (stack: OrgStack): Synthesized => JSON.parse(Testing.synth(stack));

/** The block of the secret, not of the master. */
function blockOf({ resource }: Synthesized, type: string): Record<string, unknown> {
  const found = Object.entries(resource[type] ?? {}).find(([id]) => id.startsWith("tickets"));
  return found?.[1] ?? {};
}

const synth = (entry: Partial<ManagedSecretEntry>, patch?: Partial<OrgEntry>) =>
  synthesized(stackWith(entry, patch).stack);

test("its consumers, the roles for emergencies and nobody else may read it", () => {
  const stack = synth({ consumers: [CRM] }, { breakGlassRoles: [ABROAD] });
  const { policy } = blockOf(stack, "aws_secretsmanager_secret_policy");
  expect(JSON.parse(`${policy}`).Statement).toEqual([
    expect.objectContaining({ Sid: "ConsumersRead", Principal: { AWS: [CRM] } }),
    expect.objectContaining({ Sid: "BreakGlassReads", Principal: { AWS: [ABROAD] } }),
    expect.objectContaining({
      Sid: "NobodyElseReads",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [CRM, ABROAD] } },
    }),
  ]);
});

test.each<[string, Partial<ManagedSecretEntry>, unknown]>([
  ["a medium one has AWS's own key", {}, undefined],
  ["a reader in another account needs the org's", { consumers: [ABROAD] }, "org"],
  ["a critical one has the org's", { kind: "cxone-api-key" }, "org"],
  ["a key of one's own is used", { kmsKeyArn: CMK }, CMK],
])("%s", (_, entry, key) => {
  const { kms_key_id: found } = blockOf(synth(entry), "aws_secretsmanager_secret");
  if (key === "org") expect(found).toMatch(/^\$\{aws_kms_key\.rotation_secrets-key.*\.arn\}$/);
  else expect(found).toBe(key);
});

test("a value of Vault is copied by a write-only argument, with the version of the entry", () => {
  const value = { source: "vault", entry: "zendesk/prod", field: "api_key", version: 3 } as const;
  const { stack } = stackWith({ value });
  const json = synthesized(stack) as Synthesized & {
    ephemeral: Record<string, Record<string, Record<string, unknown>>>;
  };
  const version = blockOf(json, "aws_secretsmanager_secret_version");
  expect(version).toMatchObject({
    secret_string_wo: expect.stringMatching(
      /^\$\{.* \? "not read in a plan" : ephemeral\.vault_kv_secret_v2\.tickets_entry_\w+\.data\.api_key\}$/,
    ),
    secret_string_wo_version: 3,
  });
  expect(version).not.toHaveProperty("secret_string");
  const entries = Object.values(json.ephemeral.vault_kv_secret_v2 ?? {});
  expect(entries).toContainEqual(
    expect.objectContaining({
      mount: "secret",
      name: expect.stringMatching(
        /^\$\{\(var\.genesys_credential == "planner"\) \? "genesys\/[\w/-]+\/planner" : "zendesk\/prod"\}$/,
      ),
      version: '${(var.genesys_credential == "planner") ? null : 3}',
    }),
  );
});

test("a value from outside leaves the secret empty", () => {
  expect(blockOf(synth({}), "aws_secretsmanager_secret_version")).toEqual({});
});

test("copies are in their regions", () => {
  const replicas = [{ region: "eu-west-1" }];
  expect(blockOf(synth({ replicas }), "aws_secretsmanager_secret").replica).toEqual([
    { region: "eu-west-1" },
  ]);
});

test("a value that others replace has a container, and neither record nor schedule", () => {
  const stack = synth({ rotatedElsewhere: "Istio", value: { source: "outside" } });
  expect(blockOf(stack, "aws_secretsmanager_secret").tags).toEqual({
    sensitivity: "medium",
    owner: "team",
    "rotated-by": "Istio",
  });
  expect(Object.keys(stack.resource)).not.toContain("aws_ssm_parameter");
  expect(Object.keys(stack.resource)).not.toContain("aws_lambda_function");
});

test("its reminders go to the topics of the alarms, and to no other target", () => {
  const topic = "arn:aws:sns:us-east-1:111111111111:on-call";
  const alarmActions = [topic, "arn:aws:lambda:us-east-1:111111111111:function:pager"];
  const { resource } = synth({}, { rotation: { alarmActions } });
  const named = (type: string) =>
    Object.entries(resource[type] ?? {}).filter(([id]) => id.includes("_due_"));
  expect(named("aws_cloudwatch_event_rule").map(([, { name }]) => name)).toEqual([
    "genesys-na-prod-credential-due",
  ]);
  expect(named("aws_cloudwatch_event_target").map(([, { arn }]) => arn)).toEqual([topic]);
});

test("a role of the stack gets a policy for it", () => {
  const { stack, made } = stackWith({ kind: "cxone-api-key" });
  made.grantRead(new IamRole(stack, "crm", { name: "crm", assumeRolePolicy: "{}" }));
  const { policy } = blockOf(synthesized(stack), "aws_iam_role_policy");
  expect(JSON.parse(`${policy}`).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
    "ReadCredentials",
    "DecryptCredentials",
  ]);
});

test("a secret that the registry does not have is refused", () => {
  const { stack, secret } = stackWith({});
  const unknown = { ...secret, secretName: "/zendesk/production/na-prod/other" };
  expect(() => new ManagedSecret(stack, "other", { secret: unknown })).toThrow(
    "the registry has no secret /zendesk/production/na-prod/other of na-prod. Add it to secrets",
  );
});

test("nobody can be given a value that is not kept here", () => {
  const { stack, made } = stackWith({ rotatedElsewhere: "Istio" });
  const role = new IamRole(stack, "crm", { name: "crm", assumeRolePolicy: "{}" });
  expect(() => made.grantRead(role)).toThrow("no value is kept here");
});
