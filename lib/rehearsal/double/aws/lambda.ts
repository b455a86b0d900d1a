import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NewObject } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text, UNKNOWN } from "../core/value";
import { arnOf, type Form, nameOf, names, type Place } from "./common";

/** Functions, and what calls them, watches them and takes what they leave. */
export const functionForms: Readonly<Record<string, Form>> = {
  aws_cloudwatch_event_rule: (object, at) => {
    const name = nameOf(object);
    const path = [...busOf(object), name].join("/");
    return { ...names(object, name), id: path, arn: arnOf("events", at, `rule/${path}`) };
  },
  aws_cloudwatch_event_target: (object) => {
    const target = nameOf(object, "target_id");
    return {
      id: [...busOf(object), String(object.planned.rule), target].join("-"),
      target_id: target,
    };
  },
  aws_cloudwatch_log_group: (object, at) => {
    const name = nameOf(object);
    return {
      ...names(object, name),
      id: name,
      arn: arnOf("logs", at, `log-group:${name}`),
      log_group_class: "STANDARD",
    };
  },
  aws_cloudwatch_metric_alarm: ({ planned }, at) => {
    const name = String(planned.alarm_name);
    return {
      id: name,
      arn: arnOf("cloudwatch", at, `alarm:${name}`),
      evaluate_low_sample_count_percentiles: "",
    };
  },
  aws_lambda_function: (object, at) => {
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
  aws_lambda_function_event_invoke_config: ({ planned }) => ({
    id: [planned.function_name, planned.qualifier].filter(Boolean).join(":"),
  }),
  aws_lambda_invocation: ({ planned, seed }) => ({
    // The last part is a digest of the input, for which there may be several invocations.
    id: `${String(planned.function_name)},${String(planned.qualifier)},${digest(seed).slice(0, 32)}`,
    // What a function answers that returns nothing.
    result: "null",
  }),
  aws_lambda_permission: (object) => {
    const statement = nameOf(object, "statement_id");
    return { ...names(object, statement, "statement_id"), id: statement };
  },
  aws_scheduler_schedule: (object, at) => {
    const name = nameOf(object);
    const group = text(object.planned, "group_name") ?? "default";
    return {
      ...names(object, name),
      id: `${group}/${name}`,
      arn: arnOf("scheduler", at, `schedule/${group}/${name}`),
      action_after_completion: "NONE",
      group_name: group,
    };
  },
  aws_sqs_queue: (object, at) => {
    const name = nameOf(object);
    const url = `https://sqs.${at.region}.amazonaws.com/${at.account}/${name}`;
    return {
      ...names(object, name),
      id: url,
      url,
      arn: arnOf("sqs", at, name),
      deduplication_scope: "",
      fifo_throughput_limit: "",
      kms_data_key_reuse_period_seconds: 300,
      policy: "",
      redrive_allow_policy: "",
      redrive_policy: "",
      sqs_managed_sse_enabled: text(object.planned, "kms_master_key_id") === undefined,
    };
  },
  aws_sqs_queue_policy: ({ planned }) => ({ id: planned.queue_url ?? null }),
};

// The default bus has no part in an id.
function busOf({ planned }: NewObject): string[] {
  const bus = text(planned, "event_bus_name") ?? "default";
  return bus === "default" ? [] : [bus];
}

function invokeArn(functionArn: string, { region }: Place): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** Digest and size of new code, which the provider reads where it is made. */
function codeOf({ planned, seed }: NewObject, { folder }: Place): ObjectValue {
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
