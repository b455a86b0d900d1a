import { Refusal } from "../core/refusal";
import { equal, firstBlock, isObject, type ObjectValue, text, UNKNOWN } from "../core/value";
import { checkTable } from "./dynamodb";

/**
 * Adds to the plan of a type what the provider knows already, and refuses what it or the service
 * would refuse.
 * @returns Attributes whose change replaces the object.
 * @throws Refusal
 */
type Planner = (planned: ObjectValue, prior: ObjectValue | null) => readonly string[] | undefined;

/** Types whose plan takes more than rules. */
export const planners: Readonly<Record<string, Planner>> = {
  aws_cloudwatch_metric_alarm: checkAlarm,
  aws_dynamodb_table: checkTable,
  aws_lambda_function: planFunction,
  aws_lambda_invocation: planInvocation,
  aws_ssm_parameter: planParameter,
};

const HOUR = 3600;
const DAY = 24 * HOUR;

function checkAlarm(planned: ObjectValue): undefined {
  const { period, evaluation_periods: periods, datapoints_to_alarm: datapoints } = planned;
  if (planned.metric_name && !planned.statistic && !planned.extended_statistic) {
    throw new Refusal("One of `statistic` or `extended_statistic` must be set for a metric alarm");
  }
  if (typeof periods !== "number") return;
  if (typeof datapoints === "number" && datapoints > periods) {
    throw new Refusal(
      "ValidationError",
      `datapoints_to_alarm (${datapoints}) is more than evaluation_periods (${periods})`,
    );
  }
  if (typeof period !== "number") return;
  const longest = period < HOUR ? DAY : 7 * DAY;
  if (period * periods <= longest) return;
  throw new Refusal(
    "ValidationError",
    `evaluation_periods times period must be at most ${longest} seconds, got ${period * periods}`,
  );
}

const CODE = [
  "architectures",
  "filename",
  "image_uri",
  "s3_bucket",
  "s3_key",
  "s3_object_version",
  "source_code_hash",
  "source_kms_key_arn",
];
const IN_NO_VERSION = ["reserved_concurrent_executions", "skip_destroy", "tags", "tags_all"];
const RESERVED =
  /^(AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV)|AWS_LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function planFunction(planned: ObjectValue, prior: ObjectValue | null): undefined {
  if (planned.package_type === "Zip" && !(planned.handler && planned.runtime)) {
    throw new Refusal("handler and runtime must be set when PackageType is Zip");
  }
  checkVariables(planned);
  if (prior === null) return;
  const changed = Object.keys(planned).filter((name) => !equal(prior[name], planned[name]));
  const setUnknown = (...names: string[]) => {
    for (const name of names) planned[name] = UNKNOWN;
  };
  if (planned.publish && changed.some((name) => !IN_NO_VERSION.includes(name))) {
    setUnknown("qualified_arn", "qualified_invoke_arn", "version");
  }
  if (changed.some((name) => CODE.includes(name))) {
    setUnknown("code_sha256", "last_modified", "source_code_size");
  }
}

function checkVariables(planned: ObjectValue): void {
  const variables = firstBlock(planned, "environment")?.variables;
  const names = isObject(variables) ? Object.keys(variables) : [];
  const bad = names.find((name) => RESERVED.test(name) || !/^[a-zA-Z]\w+$/.test(name));
  if (bad === undefined) return;
  throw new Refusal(
    "InvalidParameterValueException",
    `Lambda reserves the environment variable "${bad}", or does not accept its name.`,
    "environment",
  );
}

function planInvocation(
  planned: ObjectValue,
  prior: ObjectValue | null,
): readonly string[] | undefined {
  const everyChange = planned.lifecycle_scope === "CRUD";
  const input = text(planned, "input");
  if (everyChange && input !== undefined && !/^\s*\{/.test(input)) {
    throw new Refusal(
      'lifecycle_scope other than "CREATE_ONLY" requires input to be a JSON object',
    );
  }
  if (prior === null || equal(prior.input, planned.input)) return;
  if (!everyChange) return ["input"];
  planned.result = UNKNOWN;
}

const STANDARD_LENGTH = 4096;

function planParameter(planned: ObjectValue, prior: ObjectValue | null): undefined {
  const value = text(planned, "value") ?? text(planned, "insecure_value") ?? "";
  const standard = planned.tier === UNKNOWN || planned.tier === "Standard";
  if (standard && Buffer.byteLength(value) > STANDARD_LENGTH) {
    throw new Refusal(
      "ValidationException",
      `Standard tier parameters support a maximum parameter value of ${STANDARD_LENGTH} characters, got ${Buffer.byteLength(value)}: set tier to "Advanced".`,
    );
  }
  if (prior === null) return;
  const changed = (name: string) => !equal(prior[name], planned[name]);
  if (changed("insecure_value")) planned.value = UNKNOWN;
  if (changed("value") || changed("description")) planned.version = UNKNOWN;
  if (changed("value_wo_version")) planned.has_value_wo = UNKNOWN;
}
