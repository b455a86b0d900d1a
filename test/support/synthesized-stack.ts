import { type TerraformStack, Testing } from "cdktf";
import {
  checkPolicies,
  type Finding,
  type PolicyContext,
  type PolicyRule,
} from "../../lib/policies";

type Json = Record<string, unknown>;

const KMS_KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const ORGANIZATION_ID = "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01";
const COMPARED = `\${lower(try(self.data["org_id"], "")) == "${ORGANIZATION_ID}"}`;

/** Context of the org whose stack {@link orgStack} is. */
export const ORG_CONTEXT: PolicyContext = {
  org: {
    name: "na-prod",
    environment: "production",
    organizationId: ORGANIZATION_ID,
    kmsKeyArn: KMS_KEY_ARN,
  },
};

/** A compliant stack of org `na-prod` as it synthesizes, with `parts` merged into it. */
export function orgStack(...parts: Json[]): Json {
  const stack: Json = {
    "//": { metadata: { backend: "s3", stackName: "org-na-prod", version: "0.21.0" }, outputs: {} },
    terraform: {
      required_version: ">= 1.11.0",
      required_providers: {
        aws: { source: "hashicorp/aws", version: ">= 6.26.0, < 7.0.0" },
        genesyscloud: { source: "mypurecloud/genesyscloud", version: ">= 1.81.0, < 2.0.0" },
      },
      backend: {
        s3: {
          bucket: "genesys-state-production",
          key: "orgs/na-prod/terraform.tfstate",
          region: "us-east-1",
          encrypt: true,
          kms_key_id: KMS_KEY_ARN,
          use_lockfile: true,
          dynamodb_table: "genesys-state-lock-na-prod",
          allowed_account_ids: ["111122223333"],
        },
      },
    },
  };
  return parts.reduce<Json>(merge, stack);
}

/** The part of a stack with one block, for example `block("resource", "aws_sqs_queue", {…})`. */
export function block(
  section: "resource" | "data" | "ephemeral",
  type: string,
  body: Json,
  name = "it",
): Json {
  const metadata = { path: `org-na-prod/${name}`, uniqueId: name };
  const comment = { metadata, ...(isJson(body["//"]) && body["//"]) };
  return { [section]: { [type]: { [name]: { ...body, "//": comment } } } };
}

/** A part with one OAuth client: compliant, unless `body` says otherwise. */
export function oauthClient(body: Json = {}, name = "crm"): Json {
  return block(
    "resource",
    "genesyscloud_oauth_client",
    { name: "Production-CrmSync", authorized_grant_type: "CLIENT-CREDENTIALS", ...body },
    name,
  );
}

/** A part with another backend in place of the compliant one. */
export function backend(body: Json): Json {
  return { terraform: { backend: { s3: body } } };
}

/** What one rule finds in a stack, in the context of its org unless told otherwise. */
export function findingsOf(rule: PolicyRule, stack: Json, context = ORG_CONTEXT): Finding[] {
  return checkPolicies(stack, context, [rule]);
}

/** Messages of {@link findingsOf}. */
export function messagesOf(rule: PolicyRule, stack: Json, context = ORG_CONTEXT): string[] {
  return findingsOf(rule, stack, context).map(({ message }) => message);
}

/** The JSON of a stack of real constructs, with the comments that `Testing.synth` cuts out. */
export function synthesize(stack: TerraformStack): Json {
  // Runs the aspects as well, each once.
  Testing.synth(stack);
  return stack.toTerraform() as Json;
}

/** Later values win; `undefined` removes. */
function merge(target: Json, source: Json): Json {
  const merged = { ...target };
  for (const [key, value] of Object.entries(source)) {
    if (isJson(value) && isJson(merged[key])) merged[key] = merge(merged[key], value);
    else if (value === undefined) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A stack of about 40 blocks as an org's is: full of words such as secret, token and key, and
 * without a secret. It breaks no rule.
 */
export function ordinaryStack(): Json {
  return orgStack(
    {
      provider: {
        genesyscloud: [
          {
            aws_region: "us-east-1",
            oauthclient_id:
              '${(lower(data.genesyscloud_organizations_me.guard.id) == "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01") ? ephemeral.vault_kv_secret_v2.it.data.client_id : cidrhost("wrong org", 0)}',
            oauthclient_secret: "${ephemeral.vault_kv_secret_v2.it.data.client_secret}",
            token_pool_size: 2,
          },
          {
            alias: "probe",
            aws_region: "us-east-1",
            oauthclient_id: "${ephemeral.vault_kv_secret_v2.it.data.client_id}",
            oauthclient_secret: "${ephemeral.vault_kv_secret_v2.it.data.client_secret}",
          },
        ],
        aws: [
          { region: "us-east-1", assume_role: [{ role_arn: "arn:aws:iam::111122223333:role/ci" }] },
        ],
        vault: [
          {
            address: "https://vault.example.com:8200",
            auth_login_jwt: { mount: "jwt", role: "genesys-na-prod-deployer" },
            skip_child_token: true,
          },
        ],
      },
      variable: {
        genesys_credential: { type: "string", default: "deployer", nullable: false },
        token_lifetime: { type: "number", default: 3600 },
      },
      locals: { secret_prefix: "/genesys/production/na-prod/" },
    },
    block("ephemeral", "vault_kv_secret_v2", {
      mount: "secret",
      name: 'genesys/production/na-prod/${var.genesys_credential == "deployer" ? "a" : "token"}',
      lifecycle: {
        postcondition: [{ condition: COMPARED, error_message: "wrong org" }],
      },
    }),
    block("data", "genesyscloud_organizations_me", { provider: "genesyscloud.probe" }, "guard"),
    ...["crm-sync", "wfm-export", "recording-archive", "queue-monitor"].map(credential),
  );
}

/** Resources of one rotated credential. */
function credential(name: string): Json {
  const secret = `/genesys/production/na-prod/${name}`;
  const arn = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${secret}-a1b2c3`;
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSecret",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:role/crm" },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: "*",
        Condition: {
          StringEquals: {
            "secretsmanager:VersionStage": "AWSCURRENT",
            "secretsmanager:ResourceTag/token": "genesys",
            "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
          },
        },
      },
    ],
  };
  const parts: [string, Json][] = [
    [
      "aws_secretsmanager_secret",
      {
        name: secret,
        description: `Client id and secret of ${name}: token and password never pass Terraform`,
        kms_key_id: KMS_KEY_ARN,
        recovery_window_in_days: 30,
        force_overwrite_replica_secret: false,
        tags: { "genesys-org": "na-prod", credential: name, "secret-owner": "team-platform" },
      },
    ],
    [
      "aws_secretsmanager_secret_policy",
      { secret_arn: arn, block_public_policy: true, policy: JSON.stringify(policy) },
    ],
    [
      "aws_secretsmanager_secret_version",
      {
        secret_id: arn,
        secret_string_wo: "${jsonencode(ephemeral.vault_kv_secret_v2.it.data)}",
        secret_string_wo_version: 3,
        lifecycle: { ignore_changes: ["secret_string", "secret_string_wo"] },
      },
    ],
    [
      "aws_secretsmanager_secret_rotation",
      { secret_id: arn, rotation_rules: { schedule_expression: "rate(30 days)" } },
    ],
    [
      "aws_ssm_parameter",
      {
        name: `/genesys/na-prod/clients/${name}`,
        type: "String",
        value: JSON.stringify({
          roleId: "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
          secretArn: arn,
          accessTokenValiditySeconds: 3600,
        }),
      },
    ],
    [
      "aws_lambda_function",
      {
        function_name: `genesys-rotator-${name}`,
        source_code_hash: "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
        environment: {
          variables: { SECRET_ARN: arn, TOKEN_URL: "https://login.mypurecloud.com/oauth/token" },
        },
      },
    ],
    [
      "aws_dynamodb_table",
      { hash_key: "LockID", range_key: "Token", attribute: [{ name: "key" }] },
    ],
    [
      "genesyscloud_auth_role",
      {
        name: `Production ${name}`,
        permission_policies: [
          { domain: "routing", entity_name: "queue", action_set: ["view", "edit"] },
          { domain: "oauth", entity_name: "client", action_set: ["view"] },
        ],
      },
    ],
  ];
  return parts.reduce<Json>(
    (merged, [type, body]) => merge(merged, block("resource", type, body, name)),
    {},
  );
}
