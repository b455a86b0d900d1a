import {
  checkPolicies,
  type Finding,
  type PolicyContext,
  type PolicyRule,
} from "../../lib/policies";

type Json = Record<string, unknown>;

const KMS_KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

/** Context of the org whose stack {@link orgStack} is. */
export const ORG_CONTEXT: PolicyContext = {
  org: { name: "na-prod", environment: "production", kmsKeyArn: KMS_KEY_ARN },
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
  return { [section]: { [type]: { [name]: { ...body, "//": { metadata } } } } };
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
