import { awsBehaviour } from "../../../../lib/rehearsal/double/aws";
import { loadSchemas } from "../../../../lib/rehearsal/double/core/load-schemas";
import { conform, plan } from "../../../../lib/rehearsal/double/core/plan";
import { type Kind, schemaOf } from "../../../../lib/rehearsal/double/core/schema";
import { validate } from "../../../../lib/rehearsal/double/core/validate";
import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";

const { rules } = awsBehaviour(".");
const schema = loadSchemas().providers.get("registry.terraform.io/hashicorp/aws") ?? {};

const blockOf = (type: string, kind: Kind = "resource") =>
  schemaOf(schema, kind, type)?.block ?? {};
const rulesOf = (type: string) => rules.resources?.[type] ?? {};

/** What replaces an object that was created without any argument. */
function replacing(type: string, patch: ObjectValue) {
  const block = blockOf(type);
  const config = conform(block, {});
  const created = plan(block, rulesOf(type), { prior: null, proposed: config, config });
  const prior = created.planned;
  return plan(block, rulesOf(type), { prior, proposed: { ...prior, ...patch }, config }).replace;
}

const problems = (type: string, config: ObjectValue) =>
  validate(blockOf(type), rulesOf(type), conform(blockOf(type), config)).map(
    ({ message }) => message,
  );

test.each<[string, ObjectValue]>([
  ["aws_cloudwatch_event_target", { event_bus_name: "bus" }],
  ["aws_cloudwatch_log_group", { log_group_class: "INFREQUENT_ACCESS" }],
  [
    "aws_dynamodb_table",
    {
      import_table: [{ s3_bucket_source: [{ bucket: "b" }] }],
      local_secondary_index: [{ name: "i", range_key: "r" }],
      range_key: "r",
      restore_date_time: "2026-01-01T00:00:00Z",
      restore_to_latest_time: true,
    },
  ],
  [
    "aws_kms_key",
    {
      custom_key_store_id: "cks-1",
      customer_master_key_spec: "RSA_2048",
      key_usage: "SIGN_VERIFY",
      multi_region: true,
      xks_key_id: "x",
    },
  ],
  ["aws_lambda_function", { tenancy_config: [{ tenant_isolation_mode: "PER_TENANT" }] }],
  [
    "aws_lambda_permission",
    {
      event_source_token: "t",
      function_url_auth_type: "AWS_IAM",
      principal_org_id: "o-1",
      qualifier: "live",
    },
  ],
  [
    "aws_s3_bucket",
    {
      object_lock_configuration: [{ object_lock_enabled: "Enabled" }],
      object_lock_enabled: true,
    },
  ],
  ["aws_secretsmanager_secret_version", { secret_binary: "eA==" }],
  ["aws_cloudwatch_dashboard", { dashboard_name: "other" }],
  ["aws_cloudwatch_log_metric_filter", { log_group_name: "other" }],
  ["aws_sns_topic", { fifo_topic: true }],
  ["aws_sns_topic_policy", { arn: "arn:aws:sns:us-east-1:111111111111:other" }],
  ["aws_sqs_queue", { fifo_queue: true }],
  ["aws_ssm_parameter", { data_type: "aws:ec2:image" }],
])("%s is replaced for each of %j", (type, patch) => {
  expect(replacing(type, patch)).toEqual(Object.keys(patch));
});

test.each<[string, ObjectValue]>([
  ["aws_cloudwatch_event_target", { event_bus_name: "default" }],
  ["aws_kms_key", { customer_master_key_spec: "SYMMETRIC_DEFAULT", key_usage: "ENCRYPT_DECRYPT" }],
  ["aws_sqs_queue", { fifo_queue: false }],
])("%s is not replaced for the default %j", (type, patch) => {
  expect(replacing(type, patch)).toEqual([]);
});

test.each<[string, ObjectValue]>([
  ["aws_cloudwatch_event_rule", { is_enabled: true, state: "ENABLED" }],
  ["aws_cloudwatch_event_target", { input: "{}", input_transformer: [{ input_template: "x" }] }],
  ["aws_cloudwatch_event_target", { input_path: "$", input_transformer: [{}] }],
  ["aws_cloudwatch_metric_alarm", { metric_name: "Age", metric_query: [{ id: "a" }] }],
  ["aws_cloudwatch_metric_alarm", { threshold: 1, threshold_metric_id: "a" }],
  ["aws_dynamodb_table", { import_table: [{ input_format: "CSV" }], restore_source_name: "t" }],
  ["aws_dynamodb_table", { on_demand_throughput: [{}], read_capacity: 1 }],
  ["aws_lambda_function", { s3_object_version: "1", filename: "f.zip" }],
  ["aws_lambda_function", { source_kms_key_arn: "arn:aws:kms", image_uri: "i" }],
  ["aws_s3_bucket", { acl: "private", grant: [{ type: "Group" }] }],
  ["aws_s3_bucket", { object_lock_enabled: true, object_lock_configuration: [{}] }],
  ["aws_secretsmanager_secret_version", { secret_binary: "eA==", secret_string: "x" }],
])("%s refuses %j together", (type, config) => {
  const [first = "", second = ""] = Object.keys(config);
  const conflict = expect.stringContaining(`"${first}": conflicts with ${second}`);
  expect(problems(type, config)).toContainEqual(conflict);
  expect(problems(type, { [first]: config[first] ?? null })).not.toContainEqual(conflict);
});

test.each<[string, ObjectValue, string, string | number | boolean]>([
  ["aws_kms_key", { rotation_period_in_days: 90 }, "enable_key_rotation", true],
  ["aws_kms_key", { xks_key_id: "x" }, "custom_key_store_id", "cks-1"],
  [
    "aws_lambda_function",
    { replacement_security_group_ids: ["sg-1"] },
    "replace_security_groups_on_destroy",
    true,
  ],
  ["aws_ssm_parameter", { value_wo: "x" }, "value_wo_version", 1],
  ["aws_ssm_parameter", { value_wo_version: 1 }, "value_wo", "x"],
])("%s refuses %j without %s", (type, config, other, value) => {
  const missing = expect.stringContaining(`all of \`${Object.keys(config)[0]},${other}\` must be`);
  expect(problems(type, config)).toContainEqual(missing);
  expect(problems(type, { ...config, [other]: value })).not.toContainEqual(missing);
});

test.each<[string, string, ObjectValue, ObjectValue]>([
  [
    "aws_cloudwatch_metric_alarm",
    "metric_query.id",
    { metric_query: [{ id: "" }] },
    { metric_query: [{ id: "a" }] },
  ],
  [
    "aws_cloudwatch_log_metric_filter",
    "pattern",
    { pattern: "x".repeat(1025) },
    { pattern: "x".repeat(1024) },
  ],
  [
    "aws_cloudwatch_dashboard",
    "dashboard_name",
    { dashboard_name: "a.b" },
    { dashboard_name: "a-b" },
  ],
  [
    "aws_dynamodb_table",
    "local_secondary_index.projection_type",
    { local_secondary_index: [{ projection_type: "SOME" }] },
    { local_secondary_index: [{ projection_type: "KEYS_ONLY" }] },
  ],
  ["aws_lambda_function", "layers", { layers: ["layer"] }, { layers: ["arn:aws:lambda"] }],
  [
    "aws_s3_bucket_logging",
    "expected_bucket_owner",
    { expected_bucket_owner: "me" },
    { expected_bucket_owner: "111111111111" },
  ],
  [
    "aws_s3_bucket_versioning",
    "expected_bucket_owner",
    { expected_bucket_owner: "me" },
    { expected_bucket_owner: "111111111111" },
  ],
  [
    "aws_scheduler_schedule",
    "name_prefix",
    { name_prefix: "x".repeat(39) },
    { name_prefix: "x".repeat(38) },
  ],
  [
    "aws_sqs_queue",
    "visibility_timeout_seconds",
    { visibility_timeout_seconds: 43_201 },
    { visibility_timeout_seconds: 43_200 },
  ],
  ["aws_ssm_parameter", "data_type", { data_type: "image" }, { data_type: "aws:ec2:image" }],
])("%s limits %s: %j is refused, %j is not", (type, path, bad, good) => {
  const limit = expect.stringContaining(`expected ${path} to `);
  expect(problems(type, bad)).toContainEqual(limit);
  expect(problems(type, good)).not.toContainEqual(limit);
});

test("the provider refuses allowed and forbidden accounts together", () => {
  const accounts = { allowed_account_ids: ["1"], forbidden_account_ids: ["2"] };
  expect(validate(blockOf("", "provider"), rules.provider ?? {}, accounts)).toHaveLength(1);
});
