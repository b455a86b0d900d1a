import { weakenedControls } from "../../../lib/terraform/changes/weakened-controls";

const policy = (denials: number) =>
  JSON.stringify({ Statement: Array.from({ length: denials }, () => ({ Effect: "Deny" })) });
const rate = (days: number) => ({
  rotation_rules: [{ schedule_expression: `rate(${days} days)` }],
});
const encrypted = (algorithm: string, key = "key-1") => ({
  rule: [
    {
      apply_server_side_encryption_by_default: [
        { sse_algorithm: algorithm, kms_master_key_id: key },
      ],
    },
  ],
});

const planOf = (type: string, before: object | null, after: object | null, replaces = false) => {
  const actions =
    after === null
      ? ["delete"]
      : before === null
        ? ["create"]
        : replaces
          ? ["delete", "create"]
          : ["update"];
  return {
    resource_changes: [
      { address: `${type}.one`, mode: "managed", type, change: { actions, before, after } },
    ],
  };
};

test.each<[string, object, object | null, string, string]>([
  ["aws_s3_bucket", {}, null, "deletion protection", "the bucket is deleted"],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    {},
    null,
    "encryption",
    "the bucket's encryption is removed",
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    encrypted("aws:kms"),
    encrypted("AES256"),
    "encryption",
    "the bucket no longer encrypts with KMS",
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    encrypted("aws:kms"),
    encrypted("aws:kms", "key-2"),
    "encryption",
    "the bucket gets another key",
  ],
  [
    "aws_s3_bucket_versioning",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
    "deletion protection",
    "versioning is suspended",
  ],
  [
    "aws_s3_bucket_public_access_block",
    { block_public_acls: true },
    { block_public_acls: false },
    "policy",
    "public access is blocked less",
  ],
  [
    "aws_s3_bucket_policy",
    { policy: policy(3) },
    { policy: policy(2) },
    "policy",
    "its policy denies less",
  ],
  [
    "aws_dynamodb_table",
    { deletion_protection_enabled: true },
    { deletion_protection_enabled: false },
    "lock",
    "the table may be deleted",
  ],
  ["aws_dynamodb_table", {}, null, "lock", "the lock table is deleted"],
  [
    "aws_kms_key",
    { enable_key_rotation: true },
    { enable_key_rotation: false },
    "encryption",
    "the key no longer rotates",
  ],
  [
    "aws_kms_key",
    { deletion_window_in_days: 30 },
    { deletion_window_in_days: 7 },
    "deletion protection",
    "the key is deleted sooner",
  ],
  [
    "aws_secretsmanager_secret",
    { recovery_window_in_days: 30 },
    { recovery_window_in_days: 0 },
    "deletion protection",
    "a deleted secret can be restored for less time",
  ],
  [
    "aws_secretsmanager_secret",
    { kms_key_id: "arn:key-1" },
    {},
    "encryption",
    "the secret gets another key",
  ],
  [
    "aws_secretsmanager_secret_policy",
    { policy: policy(2) },
    null,
    "policy",
    "the secret's policy is removed",
  ],
  [
    "aws_secretsmanager_secret_policy",
    { block_public_policy: true },
    { block_public_policy: false },
    "policy",
    "public policies are accepted",
  ],
  [
    "aws_secretsmanager_secret_rotation",
    rate(30),
    rate(90),
    "rotation",
    "the secret rotates more rarely",
  ],
  [
    "aws_secretsmanager_secret_rotation",
    rate(30),
    null,
    "rotation",
    "the secret no longer rotates",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { alarm_actions: ["a", "b"] },
    { alarm_actions: ["a"] },
    "alarm",
    "the alarm tells fewer people",
  ],
  [
    "aws_iam_role",
    { permissions_boundary: "arn:b" },
    {},
    "policy",
    "the role gets another boundary, or none",
  ],
  [
    "aws_scheduler_schedule",
    { state: "ENABLED" },
    { state: "DISABLED" },
    "rotation",
    "the schedule is switched off",
  ],
])("%s: %j to %j weakens %s: %s", (type, before, after, control, what) => {
  expect(weakenedControls(planOf(type, before, after))).toEqual([
    { address: `${type}.one`, control, what },
  ]);
});

test.each<[string, object | null, object]>([
  ["aws_s3_bucket_policy", { policy: policy(2) }, { policy: policy(3) }],
  ["aws_s3_bucket_policy", { policy: policy(2) }, {}],
  ["aws_secretsmanager_secret", null, { recovery_window_in_days: 7 }],
  ["aws_secretsmanager_secret", { recovery_window_in_days: 7 }, { recovery_window_in_days: 30 }],
  ["aws_secretsmanager_secret_rotation", rate(90), rate(30)],
  ["aws_kms_key", { enable_key_rotation: false }, { enable_key_rotation: true }],
  ["aws_iam_role", {}, { permissions_boundary: "arn:b" }],
  ["aws_sqs_queue", { a: 1 }, { a: 2 }],
])("%s: %j to %j weakens nothing", (type, before, after) => {
  expect(weakenedControls(planOf(type, before, after))).toEqual([]);
});

test("a watched object that is replaced is named, since it is gone for a while", () => {
  expect(
    weakenedControls(
      planOf(
        "aws_secretsmanager_secret_policy",
        { policy: policy(2) },
        { policy: policy(2) },
        true,
      ),
    ),
  ).toMatchObject([{ what: "the secret's policy is removed" }]);
});
