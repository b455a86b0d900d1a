import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NewObject } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { Refusal } from "../core/refusal";
import { equal, firstBlock, isObject, type ObjectValue, text, UNKNOWN } from "../core/value";
import {
  ARN,
  type AwsContext,
  type AwsService,
  arnOf,
  JSON_DOCUMENT,
  LOG_GROUP_NAME,
  nameAndPrefix,
  nameOf,
} from "./common";

// Name or ARN of a function, with or without a version. The name has at most 64 characters.
const functionName = {
  pattern:
    "^(arn:[\\w-]+:lambda:[\\w-]+:\\d{12}:function:|\\d{12}:function:)?[\\w-]{1,64}(:(\\$LATEST|[\\w-]+))?$",
};
const statementId = { minLength: 1, maxLength: 100, pattern: "^[\\w-]+$" };

/** Functions, who may call them, and calls that Terraform makes. */
export const lambda: AwsService = {
  resources: {
    aws_lambda_alias: {
      // Its name is unique only within a function.
      identifier: ["function_name", "name"],
      forceNew: ["function_name", "name"],
      limits: {
        function_name: functionName,
        function_version: { pattern: "^(\\$LATEST|\\d+)$" },
        name: { minLength: 1, maxLength: 128, pattern: "^(?!\\d+$)[\\w-]+$" },
      },
      computed: ({ planned }, at) => {
        const name = String(planned.function_name).split(":").at(-1);
        const arn = arnOf("lambda", at, `function:${name}:${String(planned.name)}`);
        return { id: arn, arn, invoke_arn: invokeArn(arn, at) };
      },
    },
    aws_lambda_function: {
      forceNew: ["function_name", "package_type", "tenancy_config.tenant_isolation_mode"],
      exactlyOneOf: [["filename", "image_uri", "s3_bucket"]],
      conflicts: {
        s3_object_version: ["filename", "image_uri"],
        source_kms_key_arn: ["image_uri"],
      },
      requires: {
        replacement_security_group_ids: ["replace_security_groups_on_destroy"],
        s3_bucket: ["s3_key"],
        s3_key: ["s3_bucket"],
      },
      limits: {
        architectures: { oneOf: ["arm64", "x86_64"] },
        code_signing_config_arn: ARN,
        function_name: functionName,
        handler: { minLength: 1, maxLength: 128 },
        kms_key_arn: ARN,
        layers: ARN,
        memory_size: { min: 128, max: 10_240 },
        package_type: { oneOf: ["Image", "Zip"] },
        reserved_concurrent_executions: { min: -1 },
        role: ARN,
        // Only those with which a function can still be created.
        runtime: {
          oneOf: [
            "dotnet10",
            "dotnet8",
            "java11",
            "java17",
            "java21",
            "java25",
            "java8.al2",
            "nodejs20.x",
            "nodejs22.x",
            "nodejs24.x",
            "provided.al2",
            "provided.al2023",
            "python3.10",
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            "ruby3.2",
            "ruby3.3",
            "ruby3.4",
          ],
        },
        source_kms_key_arn: ARN,
        timeout: { min: 1, max: 900 },
        "dead_letter_config.target_arn": ARN,
        "durable_config.execution_timeout": { min: 1, max: 31_622_400 },
        "durable_config.retention_period": { min: 1, max: 90 },
        "ephemeral_storage.size": { min: 512, max: 10_240 },
        "file_system_config.arn": ARN,
        "file_system_config.local_mount_path": { pattern: "^/mnt/[\\w.-]+$" },
        "logging_config.application_log_level": {
          oneOf: ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"],
        },
        "logging_config.log_format": { oneOf: ["JSON", "Text"] },
        "logging_config.log_group": LOG_GROUP_NAME,
        "logging_config.system_log_level": { oneOf: ["DEBUG", "INFO", "WARN"] },
        "snap_start.apply_on": { oneOf: ["None", "PublishedVersions"] },
        "tracing_config.mode": { oneOf: ["Active", "PassThrough"] },
      },
      defaults: { memory_size: 128, package_type: "Zip", publish: false, timeout: 3 },
      computed: (object, at) => {
        const { planned, prior } = object;
        const name = String(planned.function_name);
        const arn = arnOf("lambda", at, `function:${name.split(":").at(-1)}`);
        const version = planned.publish ? String((Number(prior?.version) || 0) + 1) : "$LATEST";
        const qualified = `${arn}:${version}`;
        return {
          id: name,
          arn,
          architectures: ["x86_64"],
          invoke_arn: invokeArn(arn, at),
          last_modified: "2026-01-01T00:00:00.000+0000",
          qualified_arn: qualified,
          qualified_invoke_arn: invokeArn(qualified, at),
          signing_job_arn: "",
          signing_profile_version_arn: "",
          source_code_hash: "",
          version,
          ...codeOf(object, at),
        };
      },
      nested: { "ephemeral_storage.size": 512 },
      plan: planFunction,
    },
    aws_lambda_function_event_invoke_config: {
      forceNew: ["function_name", "qualifier"],
      limits: {
        function_name: { minLength: 1 },
        maximum_event_age_in_seconds: { min: 60, max: 21_600 },
        maximum_retry_attempts: { min: 0, max: 2 },
        qualifier: { minLength: 1 },
        "destination_config.on_failure.destination": ARN,
        "destination_config.on_success.destination": ARN,
      },
      defaults: { maximum_retry_attempts: 2 },
      computed: ({ planned }) => ({
        id: [planned.function_name, planned.qualifier].filter(Boolean).join(":"),
      }),
    },
    aws_lambda_invocation: {
      forceNew: ["function_name", "qualifier", "triggers"],
      limits: { input: JSON_DOCUMENT, lifecycle_scope: { oneOf: ["CREATE_ONLY", "CRUD"] } },
      defaults: { lifecycle_scope: "CREATE_ONLY", qualifier: "$LATEST" },
      computed: ({ planned, seed }) => ({
        // The last part is a digest of the input. Several invocations may have the same input.
        id: `${String(planned.function_name)},${String(planned.qualifier)},${digest(seed).slice(0, 32)}`,
        // The answer of a function that returns nothing.
        result: "null",
      }),
      plan: planInvocation,
      beforeDestroy: invokeBeforeDestroy,
    },
    aws_lambda_permission: {
      // Its id is the statement's id, which is unique only within a function.
      identifier: ["function_name", "statement_id"],
      forceNew: [
        "action",
        "event_source_token",
        "function_name",
        "function_url_auth_type",
        "principal",
        "principal_org_id",
        "qualifier",
        "source_account",
        "source_arn",
        "statement_id",
        "statement_id_prefix",
      ],
      conflicts: { statement_id: ["statement_id_prefix"] },
      limits: {
        action: { pattern: "^(lambda:(\\*|[A-Za-z]+)|\\*)$" },
        event_source_token: { minLength: 1, maxLength: 256, pattern: "^[\\w.-]+$" },
        function_name: functionName,
        function_url_auth_type: { oneOf: ["AWS_IAM", "NONE"] },
        qualifier: { minLength: 1, maxLength: 128, pattern: "^[\\w$-]+$" },
        source_account: { pattern: "^\\d{12}$" },
        source_arn: ARN,
        statement_id: statementId,
        statement_id_prefix: statementId,
      },
      computed: (object) => {
        const statement = nameOf(object, "statement_id");
        return { ...nameAndPrefix(object, statement, "statement_id"), id: statement };
      },
    },
  },
};

function invokeArn(functionArn: string, { region }: AwsContext): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** Returns digest and size of new code, which the provider reads from the file. */
function codeOf({ planned, seed }: NewObject, { folder }: AwsContext): ObjectValue {
  if (planned.code_sha256 !== UNKNOWN) return {};
  const filename = text(planned, "filename");
  const code = filename === undefined ? Buffer.from(seed) : readZip(filename, folder);
  return {
    code_sha256: createHash("sha256").update(code).digest("base64"),
    source_code_size: code.length,
  };
}

function readZip(filename: string, folder: string): Buffer {
  try {
    return readFileSync(resolve(folder, filename));
  } catch (error) {
    throw new Refusal(`reading ZIP file (${filename})`, (error as Error).message, "filename");
  }
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
const NOT_IN_A_VERSION = ["reserved_concurrent_executions", "skip_destroy", "tags", "tags_all"];
const RESERVED_VARIABLES =
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
  if (planned.publish && changed.some((name) => !NOT_IN_A_VERSION.includes(name))) {
    setUnknown("qualified_arn", "qualified_invoke_arn", "version");
  }
  if (changed.some((name) => CODE.includes(name))) {
    setUnknown("code_sha256", "last_modified", "source_code_size");
  }
}

function checkVariables(planned: ObjectValue): void {
  const variables = firstBlock(planned, "environment")?.variables;
  const names = isObject(variables) ? Object.keys(variables) : [];
  const bad = names.find((name) => RESERVED_VARIABLES.test(name) || !/^[a-zA-Z]\w+$/.test(name));
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

/** Calls the function, as the provider does before it destroys an invocation with scope CRUD. */
function invokeBeforeDestroy(
  invocation: ObjectValue,
  { functionErrors = {} }: Pick<AwsContext, "functionErrors">,
): void {
  const name = text(invocation, "function_name") ?? "";
  const error = functionErrors[name];
  if (invocation.lifecycle_scope !== "CRUD" || error === undefined) return;
  throw new Refusal(
    `invoking Lambda Function (${name})`,
    `Lambda function returned error: ${JSON.stringify({ errorType: "Error", errorMessage: error })}`,
  );
}
