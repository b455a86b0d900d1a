import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionForms } from "../../../../lib/rehearsal/double/aws/lambda";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { removeFolder, temporaryFolder } from "../../../../lib/terraform/cleanup";

const folder = temporaryFolder("function-forms-");
afterAll(() => removeFolder(folder));

const at = { account: "111111111111", region: "eu-west-1", folder };
const make = (type: string, planned: ObjectValue, prior: ObjectValue | null = null, seed = "s") =>
  functionForms[type]?.({ type, planned, config: planned, prior, seed }, at);

test.each<[string, ObjectValue, ObjectValue]>([
  ["aws_cloudwatch_event_rule", { name: "r" }, { id: "r", arn: "events:…:rule/r" }],
  [
    "aws_cloudwatch_event_rule",
    { name: "r", event_bus_name: "bus" },
    { id: "bus/r", arn: "events:…:rule/bus/r" },
  ],
  ["aws_cloudwatch_event_target", { rule: "r", target_id: "t" }, { id: "r-t", target_id: "t" }],
  ["aws_cloudwatch_log_group", { name: "/a" }, { id: "/a", arn: "logs:…:log-group:/a" }],
  ["aws_cloudwatch_metric_alarm", { alarm_name: "a" }, { id: "a", arn: "cloudwatch:…:alarm:a" }],
  [
    "aws_lambda_function",
    { function_name: "f" },
    {
      id: "f",
      arn: "lambda:…:function:f",
      qualified_arn: "lambda:…:function:f:$LATEST",
      version: "$LATEST",
    },
  ],
  ["aws_lambda_function_event_invoke_config", { function_name: "f" }, { id: "f" }],
  [
    "aws_lambda_function_event_invoke_config",
    { function_name: "f", qualifier: "live" },
    { id: "f:live" },
  ],
  ["aws_lambda_permission", { function_name: "f", statement_id: "s" }, { id: "s" }],
  [
    "aws_scheduler_schedule",
    { name: "s" },
    { id: "default/s", group_name: "default", arn: "scheduler:…:schedule/default/s" },
  ],
  [
    "aws_sqs_queue",
    { name: "q" },
    {
      id: "https://sqs.eu-west-1.amazonaws.com/111111111111/q",
      arn: "sqs:…:q",
      sqs_managed_sse_enabled: true,
    },
  ],
  ["aws_sqs_queue", { name: "q", kms_master_key_id: "k" }, { sqs_managed_sse_enabled: false }],
  ["aws_sqs_queue_policy", { queue_url: "https://q" }, { id: "https://q" }],
])("%s of %j has %j", (type, planned, short) => {
  const expected = Object.entries(short).map(([name, value]) => [
    name,
    name.endsWith("arn")
      ? `arn:aws:${String(value).replace("…", "eu-west-1:111111111111")}`
      : value,
  ]);
  expect(make(type, planned)).toMatchObject(Object.fromEntries(expected));
});

test("a name that is left out is made from its prefix", () => {
  expect(make("aws_sqs_queue", { name_prefix: "q-" })?.name).toMatch(/^q-\w{26}$/);
  expect(make("aws_lambda_permission", { statement_id_prefix: "s-" })?.id).toMatch(/^s-\w{26}$/);
});

test("a function that is published has the next version", () => {
  const version = (prior: ObjectValue | null) =>
    make("aws_lambda_function", { function_name: "f", publish: true }, prior)?.version;
  expect(version(null)).toBe("1");
  expect(version({ version: "1" })).toBe("2");
  expect(version({ version: "$LATEST" })).toBe("1");
});

describe("the code of a function", () => {
  const made = (filename: string, code_sha256: typeof UNKNOWN | string = UNKNOWN) =>
    make("aws_lambda_function", { function_name: "f", filename, code_sha256 });

  test("is read from Terraform's folder", () => {
    writeFileSync(join(folder, "f.zip"), "code");
    expect(made("f.zip")).toMatchObject({
      code_sha256: createHash("sha256").update("code").digest("base64"),
      source_code_size: 4,
    });
  });

  test("has to be there", () => {
    expect(() => made("gone.zip")).toThrow(/^reading ZIP file \(gone\.zip\): ENOENT/);
  });

  test("is not read again while it does not change", () => {
    expect(made("gone.zip", "known")).not.toHaveProperty("code_sha256");
  });
});

test("invocations of one function with one input are different objects", () => {
  const planned = { function_name: "f", qualifier: "$LATEST", input: "{}" };
  const id = (seed: string) => make("aws_lambda_invocation", planned, null, seed)?.id;
  expect(id("one")).toMatch(/^f,\$LATEST,[0-9a-f]{32}$/);
  expect(id("one")).not.toBe(id("two"));
});
