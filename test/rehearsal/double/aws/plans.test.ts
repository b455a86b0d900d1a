import { planners } from "../../../../lib/rehearsal/double/aws/plans";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";

const zip: ObjectValue = {
  package_type: "Zip",
  handler: "index.handler",
  runtime: "nodejs22.x",
  memory_size: 128,
  source_code_hash: "a",
  code_sha256: "a",
  version: "1",
  publish: false,
  tags: null,
};
const alarm: ObjectValue = {
  metric_name: "Age",
  statistic: "Maximum",
  period: 3600,
  evaluation_periods: 24,
};
const variables = (names: Record<string, string>) => ({
  ...zip,
  environment: [{ variables: names }],
});

test.each<[string, string, ObjectValue, string]>([
  [
    "a function of a zip without a handler",
    "aws_lambda_function",
    { ...zip, handler: null },
    "handler and runtime must be set",
  ],
  [
    "a variable that Lambda sets itself",
    "aws_lambda_function",
    variables({ AWS_REGION: "x" }),
    '"AWS_REGION"',
  ],
  ["a variable that no shell could set", "aws_lambda_function", variables({ "A-B": "x" }), '"A-B"'],
  [
    "an alarm without a statistic",
    "aws_cloudwatch_metric_alarm",
    { ...alarm, statistic: null },
    "One of `statistic`",
  ],
  [
    "more datapoints than periods",
    "aws_cloudwatch_metric_alarm",
    { ...alarm, datapoints_to_alarm: 25 },
    "datapoints_to_alarm (25)",
  ],
  [
    "an alarm over eight days",
    "aws_cloudwatch_metric_alarm",
    { ...alarm, evaluation_periods: 192 },
    "at most 604800 seconds",
  ],
  [
    "an alarm over two days of minutes",
    "aws_cloudwatch_metric_alarm",
    { ...alarm, period: 60, evaluation_periods: 2880 },
    "at most 86400 seconds",
  ],
  [
    "a list as input of a managed invocation",
    "aws_lambda_invocation",
    { lifecycle_scope: "CRUD", input: "[]" },
    "requires input to be a JSON object",
  ],
  [
    "a long value in a standard parameter",
    "aws_ssm_parameter",
    { tier: UNKNOWN, value: "x".repeat(4097) },
    'set tier to "Advanced"',
  ],
])("%s is refused", (_what, type, planned, problem) => {
  expect(() => planners[type]?.({ ...planned }, null)).toThrow(problem);
});

test.each<[string, string, ObjectValue]>([
  ["a function of an image without a handler", "aws_lambda_function", { package_type: "Image" }],
  ["a handler that is not known yet", "aws_lambda_function", { ...zip, handler: UNKNOWN }],
  ["a variable of one's own", "aws_lambda_function", variables({ ORG: "na-prod" })],
  [
    "an alarm over seven days",
    "aws_cloudwatch_metric_alarm",
    { ...alarm, evaluation_periods: 168 },
  ],
  ["an alarm of an expression", "aws_cloudwatch_metric_alarm", { evaluation_periods: 1 }],
  [
    "a list as input of a single invocation",
    "aws_lambda_invocation",
    { lifecycle_scope: "CREATE_ONLY", input: "[]" },
  ],
  [
    "a long value in an advanced parameter",
    "aws_ssm_parameter",
    { tier: "Advanced", value: "x".repeat(4097) },
  ],
])("%s is not", (_what, type, planned) => {
  expect(() => planners[type]?.({ ...planned }, null)).not.toThrow();
});

describe("a changed function", () => {
  const unknownAfter = (patch: ObjectValue, prior: ObjectValue = zip) => {
    const planned = { ...prior, ...patch };
    planners.aws_lambda_function?.(planned, prior);
    return Object.keys(planned)
      .filter((name) => planned[name] === UNKNOWN)
      .sort();
  };
  const ofCode = ["code_sha256", "last_modified", "source_code_size"];
  const ofVersion = ["qualified_arn", "qualified_invoke_arn", "version"];

  test("has an unknown digest when its code changes", () => {
    expect(unknownAfter({ source_code_hash: "b" })).toEqual(ofCode);
    expect(unknownAfter({ memory_size: 256 })).toEqual([]);
  });

  test("has an unknown version when it is published", () => {
    const published = { ...zip, publish: true };
    expect(unknownAfter({ memory_size: 256 }, published)).toEqual(ofVersion);
    expect(unknownAfter({ source_code_hash: "b" }, published)).toEqual(
      [...ofCode, ...ofVersion].sort(),
    );
    expect(unknownAfter({ tags: { a: "b" } }, published)).toEqual([]);
    expect(unknownAfter({}, published)).toEqual([]);
  });
});

describe("an invocation whose input changes", () => {
  const plan = (lifecycle_scope: string) => {
    const prior = { lifecycle_scope, input: "{}", result: "null" };
    const planned: ObjectValue = { ...prior, input: '{"a":1}' };
    return { replaced: planners.aws_lambda_invocation?.(planned, prior), planned };
  };

  test("is made again where it is invoked once", () => {
    expect(plan("CREATE_ONLY").replaced).toEqual(["input"]);
  });

  test("is invoked again, with a new result, where it is managed", () => {
    const { replaced, planned } = plan("CRUD");
    expect(replaced).toBeUndefined();
    expect(planned.result).toBe(UNKNOWN);
  });
});
