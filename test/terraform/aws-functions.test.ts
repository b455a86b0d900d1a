// A Lambda function with its roles, queues, alarms and schedules, applied by real Terraform against
// the double of the AWS provider.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTerraform, loadSchemas, Workspace, worldOf } from "../../lib/rehearsal";
import { errorsIn } from "../../lib/terraform/diagnostics";
import { describeWithTerraform } from "../support/terraform";

type Json = Record<string, unknown>;

const role = "arn:aws:iam::000000000000:role/r";
const topic = "arn:aws:sns:us-east-1:000000000000:t";

/** The required arguments of each type. */
const minimal: Record<string, Json> = {
  aws_cloudwatch_event_rule: { name: "r", schedule_expression: "rate(1 hour)" },
  aws_cloudwatch_event_target: { rule: "r", target_id: "t", arn: topic },
  aws_cloudwatch_log_group: { name: "/aws/lambda/f", retention_in_days: 30 },
  aws_cloudwatch_metric_alarm: {
    alarm_name: "a",
    comparison_operator: "GreaterThanThreshold",
    evaluation_periods: 1,
    metric_name: "OrphanedClients",
    namespace: "GenesysOrgs",
    period: 3600,
    statistic: "Maximum",
    threshold: 0,
  },
  aws_lambda_function: {
    function_name: "f",
    role,
    filename: "f.zip",
    source_code_hash: "first",
    handler: "index.handler",
    runtime: "nodejs24.x",
    architectures: ["arm64"],
  },
  aws_lambda_function_event_invoke_config: { function_name: "f", maximum_retry_attempts: 0 },
  aws_lambda_invocation: { function_name: "f", input: "{}" },
  aws_lambda_permission: {
    function_name: "f",
    statement_id: "rotation",
    action: "lambda:InvokeFunction",
    principal: "secretsmanager.amazonaws.com",
  },
  aws_scheduler_schedule: {
    name: "s",
    schedule_expression: "rate(1 hours)",
    flexible_time_window: [{ mode: "OFF" }],
    target: [{ arn: "arn:aws:lambda:us-east-1:000000000000:function:f", role_arn: role }],
  },
  aws_secretsmanager_secret_rotation: {
    secret_id: "s",
    rotation_lambda_arn: "arn:aws:lambda:us-east-1:000000000000:function:f",
    rotation_rules: [{ schedule_expression: "cron(0 8 1 * ? *)", duration: "3h" }],
  },
  aws_sqs_queue: { name: "q", message_retention_seconds: 1_209_600 },
  aws_sqs_queue_policy: { queue_url: "https://q", policy: "{}" },
};

/** Bad values of arguments, and parts of the messages that refuse them. */
const bad: [type: string, patch: Json, message: string][] = [
  [
    "aws_cloudwatch_event_rule",
    { schedule_expression: "rate(1 hours)" },
    "schedule_expression to match",
  ],
  [
    "aws_cloudwatch_event_rule",
    { schedule_expression: null },
    "`event_pattern,schedule_expression` must be specified",
  ],
  ["aws_cloudwatch_event_target", { input: "{" }, "expected input to be valid JSON"],
  [
    "aws_cloudwatch_event_target",
    { input: "{}", input_path: "$.x" },
    '"input": conflicts with input_path',
  ],
  [
    "aws_cloudwatch_log_group",
    { retention_in_days: 45 },
    "expected retention_in_days to be one of",
  ],
  ["aws_cloudwatch_log_group", { name: "a b" }, "expected name to match"],
  [
    "aws_cloudwatch_metric_alarm",
    { comparison_operator: ">" },
    "expected comparison_operator to be one of",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { treat_missing_data: "no" },
    "expected treat_missing_data to be one of",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { alarm_actions: ["t"] },
    "expected alarm_actions to match ^arn:",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { extended_statistic: "p99" },
    '"extended_statistic": conflicts with statistic',
  ],
  ["aws_lambda_function", { function_name: "f".repeat(65) }, "expected function_name to match"],
  ["aws_lambda_function", { runtime: "nodejs24" }, "expected runtime to be one of"],
  ["aws_lambda_function", { architectures: ["arm"] }, "expected architectures to be one of"],
  ["aws_lambda_function", { memory_size: 64 }, "memory_size to be in the range (128 - 10240)"],
  ["aws_lambda_function", { timeout: 901 }, "timeout to be in the range (1 - 900)"],
  ["aws_lambda_function", { role: "r" }, "expected role to match ^arn:"],
  [
    "aws_lambda_function",
    { filename: null },
    "one of `filename,image_uri,s3_bucket` must be specified",
  ],
  ["aws_lambda_function", { s3_key: "k" }, "all of `s3_key,s3_bucket` must be specified"],
  [
    "aws_lambda_function_event_invoke_config",
    { maximum_retry_attempts: 3 },
    "in the range (0 - 2)",
  ],
  ["aws_lambda_invocation", { input: "now" }, "expected input to be valid JSON"],
  ["aws_lambda_invocation", { lifecycle_scope: "ONCE" }, "expected lifecycle_scope to be one of"],
  ["aws_lambda_permission", { action: "InvokeFunction" }, "expected action to match"],
  ["aws_lambda_permission", { source_account: "1" }, "expected source_account to match"],
  [
    "aws_lambda_permission",
    { statement_id_prefix: "r" },
    '"statement_id": conflicts with statement_id_prefix',
  ],
  [
    "aws_scheduler_schedule",
    { schedule_expression: "cron(0 * * * *)" },
    "expected schedule_expression to match",
  ],
  ["aws_scheduler_schedule", { state: "ON" }, "expected state to be one of"],
  [
    "aws_scheduler_schedule",
    { flexible_time_window: [{ mode: "NO" }] },
    "expected flexible_time_window.mode to be one of",
  ],
  ["aws_scheduler_schedule", { target: [] }, "Insufficient target blocks"],
  [
    "aws_secretsmanager_secret_rotation",
    { rotation_rules: [{ duration: "3h" }] },
    "one of `rotation_rules.automatically_after_days,rotation_rules.schedule_expression` must be specified",
  ],
  [
    "aws_secretsmanager_secret_rotation",
    { rotation_rules: [{ schedule_expression: "rate(2 hours)" }] },
    "expected rotation_rules.schedule_expression to match",
  ],
  [
    "aws_secretsmanager_secret_rotation",
    { rotation_rules: [{ schedule_expression: "cron(30 8 1 * ? *)" }] },
    "expected rotation_rules.schedule_expression to match",
  ],
  [
    "aws_secretsmanager_secret_rotation",
    { rotation_rules: [{ automatically_after_days: 0 }] },
    "in the range (1 - 1000)",
  ],
  ["aws_sqs_queue", { name: "q.1" }, "expected name to match"],
  ["aws_sqs_queue", { redrive_policy: "{" }, "expected redrive_policy to be valid JSON"],
  [
    "aws_sqs_queue",
    { kms_master_key_id: "k", sqs_managed_sse_enabled: true },
    '"kms_master_key_id": conflicts with sqs_managed_sse_enabled',
  ],
  ["aws_sqs_queue", { message_retention_seconds: 1_209_601 }, "in the range (60 - 1209600)"],
  ["aws_sqs_queue_policy", { policy: "allow" }, "expected policy to be valid JSON"],
];

const stack = (resource: Json): Json => ({
  terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
  provider: { aws: [{ region: "us-east-1" }] },
  resource,
});
const only = (type: string, patch: Json = {}) =>
  stack({ [type]: { it: { ...minimal[type], ...patch } } });

describeWithTerraform("a function with its roles, queues, alarms and schedules", () => {
  let workspace: Workspace;

  beforeEach(async () => {
    const terraform = await findTerraform();
    if (!terraform) throw new Error("Terraform was not found");
    workspace = await Workspace.open({
      terraform,
      world: worldOf({ orgs: [] }),
      schemas: loadSchemas(),
    });
    writeFileSync(join(workspace.folder, "f.zip"), "code");
  });

  afterEach(() => workspace.close());

  /** Runs a command on a stack; errors unframed, on one line. */
  async function run(json: Json, ...args: string[]): Promise<{ code: number; text: string }> {
    workspace.useJson(json);
    await workspace.run("init");
    const { code, stdout, stderr } = await workspace.run(...args);
    return { code, text: errorsIn(`${stderr}\n${stdout}`).replaceAll(/\s+/g, " ") || stdout };
  }

  async function apply(json: Json): Promise<string> {
    const { code, text } = await run(json, "apply", "-auto-approve");
    if (code !== 0) throw new Error(text);
    return text;
  }

  async function refused(json: Json, ...args: string[]): Promise<string> {
    const { code, text } = await run(json, ...args);
    expect(code).toBe(1);
    return text;
  }

  const attributesOf = (type: string): Json => {
    const state = JSON.parse(readFileSync(workspace.stateFile, "utf8"));
    const found = state.resources.find((each: { type: string }) => each.type === type);
    return found.instances[0].attributes;
  };

  test("is applied, planned again without a change, and destroyed completely", async () => {
    const f = "${aws_lambda_function.it.function_name}";
    const arn = "${aws_lambda_function.it.arn}";
    const queue = "${aws_sqs_queue.it.arn}";
    const json = stack({
      ...Object.fromEntries(Object.entries(minimal).map(([type, it]) => [type, { it }])),
      aws_cloudwatch_event_target: {
        it: {
          rule: "${aws_cloudwatch_event_rule.it.name}",
          arn,
          dead_letter_config: [{ arn: queue }],
        },
      },
      aws_lambda_function: {
        it: {
          ...minimal.aws_lambda_function,
          role: "${aws_iam_role.it.arn}",
          environment: [{ variables: { SECRET: "${aws_secretsmanager_secret.it.arn}" } }],
          logging_config: [
            { log_format: "JSON", log_group: "${aws_cloudwatch_log_group.it.name}" },
          ],
          ephemeral_storage: [{}],
          dead_letter_config: [{ target_arn: queue }],
        },
      },
      aws_lambda_function_event_invoke_config: {
        it: { function_name: f, destination_config: [{ on_failure: [{ destination: queue }] }] },
      },
      aws_lambda_invocation: { it: { function_name: f, input: "{}" } },
      aws_lambda_permission: { it: { ...minimal.aws_lambda_permission, function_name: f } },
      aws_scheduler_schedule: {
        it: {
          ...minimal.aws_scheduler_schedule,
          target: [
            {
              arn,
              role_arn: role,
              retry_policy: [{ maximum_retry_attempts: 0 }],
              dead_letter_config: [{ arn: queue }],
            },
          ],
        },
      },
      aws_secretsmanager_secret_rotation: {
        it: {
          ...minimal.aws_secretsmanager_secret_rotation,
          secret_id: "${aws_secretsmanager_secret.it.id}",
          rotation_lambda_arn: arn,
          depends_on: ["aws_lambda_permission.it"],
        },
      },
      aws_sqs_queue_policy: { it: { queue_url: "${aws_sqs_queue.it.url}", policy: "{}" } },
      aws_iam_role: { it: { name: "r", assume_role_policy: "{}" } },
      aws_secretsmanager_secret: { it: { name: "/genesys/x" } },
    });
    await apply(json);
    expect(workspace.resources()).toHaveLength(14);
    const { code, text } = await run(json, "plan", "-detailed-exitcode");
    expect(code === 0 ? "empty" : text).toBe("empty");
    expect(attributesOf("aws_lambda_function")).toMatchObject({
      arn: "arn:aws:lambda:us-east-1:000000000000:function:f",
      memory_size: 128,
      source_code_size: 4,
      version: "$LATEST",
    });
    expect(attributesOf("aws_sqs_queue_policy").id).toBe(attributesOf("aws_sqs_queue").url);
    expect((await run(json, "destroy", "-auto-approve")).code).toBe(0);
    expect(workspace.resources()).toEqual([]);
  }, 30_000);

  test("each bad value is refused by name", async () => {
    const resource: Record<string, Json> = {};
    for (const [index, [type, patch]] of bad.entries()) {
      resource[type] = { ...resource[type], [`bad${index}`]: { ...minimal[type], ...patch } };
    }
    const errors = (await refused(stack(resource), "validate")).split("Error: ");
    for (const [index, [type, patch, message]] of bad.entries()) {
      const found = errors.filter((error) => new RegExp(`\\.bad${index}\\b`).test(error)).join();
      expect([type, patch, found]).toEqual([type, patch, expect.stringContaining(message)]);
    }
  });

  test("every type is accepted with its required arguments only", async () => {
    const resource = Object.fromEntries(
      Object.entries(minimal).map(([type, it]) => [type, { it }]),
    );
    expect((await run(stack(resource), "validate")).text).toContain("Success!");
  });

  test.each<[string, Json]>([
    ["aws_cloudwatch_event_rule", { name: "other" }],
    ["aws_cloudwatch_event_target", { target_id: "other" }],
    ["aws_cloudwatch_log_group", { name: "/other" }],
    ["aws_cloudwatch_metric_alarm", { alarm_name: "other" }],
    ["aws_lambda_function", { function_name: "other" }],
    ["aws_lambda_function_event_invoke_config", { function_name: "other" }],
    ["aws_lambda_invocation", { triggers: { version: "2" } }],
    ["aws_lambda_invocation", { input: '{"a":1}' }],
    ["aws_lambda_permission", { source_account: "111111111111" }],
    ["aws_scheduler_schedule", { group_name: "other" }],
    ["aws_secretsmanager_secret_rotation", { secret_id: "other" }],
    ["aws_sqs_queue", { name: "other" }],
    ["aws_sqs_queue_policy", { queue_url: "https://other" }],
  ])("%s is replaced for %j", async (type, patch) => {
    await apply(only(type));
    expect(await apply(only(type, patch))).toContain("1 added, 0 changed, 1 destroyed");
  });

  test.each<[string, Json]>([
    ["aws_cloudwatch_metric_alarm", { threshold: 1 }],
    ["aws_lambda_function", { source_code_hash: "second" }],
    ["aws_lambda_invocation", { lifecycle_scope: "CRUD", input: '{"a":1}' }],
    ["aws_scheduler_schedule", { schedule_expression: "rate(2 hours)" }],
    ["aws_secretsmanager_secret_rotation", { rotation_rules: [{ automatically_after_days: 30 }] }],
    ["aws_sqs_queue", { delay_seconds: 1 }],
  ])("%s is changed in place for %j", async (type, patch) => {
    await apply(only(type));
    const changed = only(type, patch);
    expect(await apply(changed)).toContain("0 added, 1 changed, 0 destroyed");
    expect((await run(changed, "plan", "-detailed-exitcode")).code).toBe(0);
  });

  test.each([
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_lambda_function",
    "aws_lambda_permission",
    "aws_scheduler_schedule",
    "aws_secretsmanager_secret_rotation",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
  ])("a second %s of the same name is refused", async (type) => {
    const json = stack({ [type]: { one: minimal[type], two: minimal[type] } });
    expect(await refused(json, "apply", "-auto-approve")).toContain("already exists");
  });

  test("statements of two functions may have the same id", async () => {
    const one = minimal.aws_lambda_permission;
    await apply(stack({ aws_lambda_permission: { one, two: { ...one, function_name: "g" } } }));
    expect(workspace.resources()).toHaveLength(2);
  });

  test("a zip that does not exist is refused by the apply, and nothing is created", async () => {
    const json = only("aws_lambda_function", { filename: "gone.zip" });
    expect((await run(json, "plan")).code).toBe(0);
    expect(await refused(json, "apply", "-auto-approve")).toContain("reading ZIP file (gone.zip)");
    expect(workspace.resources()).toEqual([]);
  });

  test("a function is refused by the plan for a variable that Lambda sets itself", async () => {
    const json = only("aws_lambda_function", {
      environment: [{ variables: { AWS_REGION: "us-east-1" } }],
    });
    expect(await refused(json, "plan")).toContain('reserves the environment variable "AWS_REGION"');
  });
});
