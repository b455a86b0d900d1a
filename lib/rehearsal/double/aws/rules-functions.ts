import type { ProviderRules } from "../core/rules";
import { arn, named } from "./rules-common";

// A function's name or ARN, with or without a version. The name itself has 64 characters at most.
const functionName = {
  pattern:
    "^(arn:[\\w-]+:lambda:[\\w-]+:\\d{12}:function:|\\d{12}:function:)?[\\w-]{1,64}(:(\\$LATEST|[\\w-]+))?$",
};
const logGroupName = { maxLength: 512, pattern: "^[\\w./#-]+$" };
const ruleName = { maxLength: 64, pattern: "^[\\w.-]+$" };
const statementId = { minLength: 1, maxLength: 100, pattern: "^[\\w-]+$" };

// The services take cron expressions of six fields. EventBridge's older rules count grammatically.
const CRON = "cron\\((\\S+ +){5}\\S+\\)";
const scheduleOfRule = {
  maxLength: 256,
  pattern: `^(${CRON}|rate\\((1 (minute|hour|day)|(?!1 )[1-9]\\d* (minutes|hours|days))\\))?$`,
};
const schedule = {
  maxLength: 256,
  pattern: `^(at\\(.+\\)|${CRON}|rate\\([1-9]\\d* (minute|hour|day)s?\\))$`,
};

const metric = { minLength: 1, maxLength: 255 };
const period = { min: 10 };
const replacesMetric = ["metric_query"];

/** Functions, and what calls them, watches them and takes what they leave. */
export const functionRules: ProviderRules["resources"] = {
  aws_cloudwatch_event_rule: {
    forceNew: ["event_bus_name", "name", "name_prefix"],
    conflictsWith: { is_enabled: ["state"], name: ["name_prefix"] },
    atLeastOneOf: [["event_pattern", "schedule_expression"]],
    values: {
      description: { maxLength: 512 },
      event_pattern: { json: true, maxLength: 4096 },
      name: ruleName,
      name_prefix: { ...ruleName, maxLength: 38 },
      role_arn: arn,
      schedule_expression: scheduleOfRule,
      state: { oneOf: ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] },
    },
    defaults: { event_bus_name: "default", force_destroy: false },
  },
  aws_cloudwatch_event_target: {
    forceNew: ["event_bus_name", "rule", "target_id"],
    conflictsWith: {
      input: ["input_path", "input_transformer"],
      input_path: ["input_transformer"],
    },
    values: {
      arn,
      input: { json: true, maxLength: 8192 },
      input_path: { maxLength: 256 },
      role_arn: arn,
      rule: ruleName,
      target_id: ruleName,
      "dead_letter_config.arn": arn,
      "input_transformer.input_template": { minLength: 1, maxLength: 8192 },
      "retry_policy.maximum_event_age_in_seconds": { min: 0, max: 86_400 },
      "retry_policy.maximum_retry_attempts": { min: 0, max: 185 },
    },
    defaults: { event_bus_name: "default", force_destroy: false },
  },
  aws_cloudwatch_log_group: {
    ...named,
    forceNew: ["log_group_class", "name", "name_prefix"],
    values: {
      log_group_class: { oneOf: ["DELIVERY", "INFREQUENT_ACCESS", "STANDARD"] },
      name: logGroupName,
      name_prefix: { ...logGroupName, maxLength: 483 },
      retention_in_days: {
        oneOf: [
          0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653,
        ],
      },
    },
    defaults: { retention_in_days: 0, skip_destroy: false },
  },
  aws_cloudwatch_metric_alarm: {
    forceNew: ["alarm_name"],
    conflictsWith: {
      dimensions: replacesMetric,
      extended_statistic: ["statistic", "metric_query"],
      metric_name: replacesMetric,
      namespace: replacesMetric,
      period: replacesMetric,
      statistic: replacesMetric,
      threshold: ["threshold_metric_id"],
    },
    values: {
      alarm_actions: arn,
      alarm_description: { maxLength: 1024 },
      alarm_name: metric,
      comparison_operator: {
        oneOf: [
          "GreaterThanOrEqualToThreshold",
          "GreaterThanThreshold",
          "GreaterThanUpperThreshold",
          "LessThanLowerOrGreaterThanUpperThreshold",
          "LessThanLowerThreshold",
          "LessThanOrEqualToThreshold",
          "LessThanThreshold",
        ],
      },
      datapoints_to_alarm: { min: 1 },
      evaluate_low_sample_count_percentiles: { oneOf: ["evaluate", "ignore"], ignoreCase: true },
      evaluation_periods: { min: 1 },
      insufficient_data_actions: arn,
      metric_name: metric,
      namespace: { ...metric, pattern: "^[^:]" },
      ok_actions: arn,
      period,
      statistic: { oneOf: ["Average", "Maximum", "Minimum", "SampleCount", "Sum"] },
      threshold_metric_id: metric,
      treat_missing_data: {
        oneOf: ["breaching", "ignore", "missing", "notBreaching"],
        ignoreCase: true,
      },
      "metric_query.expression": { minLength: 1, maxLength: 1024 },
      "metric_query.id": metric,
      "metric_query.metric.metric_name": metric,
      "metric_query.metric.period": { min: 1 },
    },
    defaults: {
      actions_enabled: true,
      treat_missing_data: "missing",
      "metric_query.return_data": false,
    },
  },
  aws_lambda_function: {
    forceNew: ["function_name", "package_type", "tenancy_config.tenant_isolation_mode"],
    exactlyOneOf: [["filename", "image_uri", "s3_bucket"]],
    conflictsWith: {
      s3_object_version: ["filename", "image_uri"],
      source_kms_key_arn: ["image_uri"],
    },
    requiredWith: {
      replacement_security_group_ids: ["replace_security_groups_on_destroy"],
      s3_bucket: ["s3_key"],
      s3_key: ["s3_bucket"],
    },
    values: {
      architectures: { oneOf: ["arm64", "x86_64"] },
      code_signing_config_arn: arn,
      function_name: functionName,
      handler: { minLength: 1, maxLength: 128 },
      kms_key_arn: arn,
      layers: arn,
      memory_size: { min: 128, max: 10_240 },
      package_type: { oneOf: ["Image", "Zip"] },
      reserved_concurrent_executions: { min: -1 },
      role: arn,
      // Those that a function can still be made with.
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
      source_kms_key_arn: arn,
      timeout: { min: 1, max: 900 },
      "dead_letter_config.target_arn": arn,
      "durable_config.execution_timeout": { min: 1, max: 31_622_400 },
      "durable_config.retention_period": { min: 1, max: 90 },
      "ephemeral_storage.size": { min: 512, max: 10_240 },
      "file_system_config.arn": arn,
      "file_system_config.local_mount_path": { pattern: "^/mnt/[\\w.-]+$" },
      "logging_config.application_log_level": {
        oneOf: ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"],
      },
      "logging_config.log_format": { oneOf: ["JSON", "Text"] },
      "logging_config.log_group": logGroupName,
      "logging_config.system_log_level": { oneOf: ["DEBUG", "INFO", "WARN"] },
      "snap_start.apply_on": { oneOf: ["None", "PublishedVersions"] },
      "tracing_config.mode": { oneOf: ["Active", "PassThrough"] },
    },
    defaults: {
      memory_size: 128,
      package_type: "Zip",
      publish: false,
      reserved_concurrent_executions: -1,
      skip_destroy: false,
      timeout: 3,
      "durable_config.retention_period": 14,
      "logging_config.application_log_level": "",
      "logging_config.system_log_level": "",
      "vpc_config.ipv6_allowed_for_dual_stack": false,
    },
  },
  aws_lambda_function_event_invoke_config: {
    forceNew: ["function_name", "qualifier"],
    values: {
      function_name: { minLength: 1 },
      maximum_event_age_in_seconds: { min: 60, max: 21_600 },
      maximum_retry_attempts: { min: 0, max: 2 },
      qualifier: { minLength: 1 },
      "destination_config.on_failure.destination": arn,
      "destination_config.on_success.destination": arn,
    },
    defaults: { maximum_retry_attempts: 2 },
  },
  aws_lambda_invocation: {
    forceNew: ["function_name", "qualifier", "triggers"],
    values: { input: { json: true }, lifecycle_scope: { oneOf: ["CREATE_ONLY", "CRUD"] } },
    defaults: { lifecycle_scope: "CREATE_ONLY", qualifier: "$LATEST", terraform_key: "tf" },
  },
  aws_lambda_permission: {
    // Its id is the statement's, which is unique within a function only.
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
    conflictsWith: { statement_id: ["statement_id_prefix"] },
    values: {
      action: { pattern: "^(lambda:(\\*|[A-Za-z]+)|\\*)$" },
      event_source_token: { minLength: 1, maxLength: 256, pattern: "^[\\w.-]+$" },
      function_name: functionName,
      function_url_auth_type: { oneOf: ["AWS_IAM", "NONE"] },
      qualifier: { minLength: 1, maxLength: 128, pattern: "^[\\w$-]+$" },
      source_account: { pattern: "^\\d{12}$" },
      source_arn: arn,
      statement_id: statementId,
      statement_id_prefix: statementId,
    },
  },
  aws_scheduler_schedule: {
    ...named,
    forceNew: ["group_name", "name", "name_prefix"],
    values: {
      action_after_completion: { oneOf: ["DELETE", "NONE"] },
      description: { maxLength: 512 },
      group_name: { minLength: 1, maxLength: 64 },
      kms_key_arn: arn,
      name: ruleName,
      name_prefix: { ...ruleName, maxLength: 38 },
      schedule_expression: schedule,
      schedule_expression_timezone: { minLength: 1, maxLength: 50 },
      state: { oneOf: ["DISABLED", "ENABLED"] },
      "flexible_time_window.maximum_window_in_minutes": { min: 1, max: 1440 },
      "flexible_time_window.mode": { oneOf: ["FLEXIBLE", "OFF"] },
      "target.arn": arn,
      "target.dead_letter_config.arn": arn,
      "target.input": { minLength: 1 },
      "target.retry_policy.maximum_event_age_in_seconds": { min: 60, max: 86_400 },
      "target.retry_policy.maximum_retry_attempts": { min: 0, max: 185 },
      "target.role_arn": arn,
    },
    defaults: {
      schedule_expression_timezone: "UTC",
      state: "ENABLED",
      "target.retry_policy.maximum_event_age_in_seconds": 86_400,
      "target.retry_policy.maximum_retry_attempts": 185,
    },
  },
  aws_sqs_queue: {
    forceNew: ["fifo_queue", "name", "name_prefix"],
    conflictsWith: { kms_master_key_id: ["sqs_managed_sse_enabled"], name: ["name_prefix"] },
    values: {
      deduplication_scope: { oneOf: ["messageGroup", "queue"] },
      delay_seconds: { min: 0, max: 900 },
      fifo_throughput_limit: { oneOf: ["perMessageGroupId", "perQueue"] },
      kms_data_key_reuse_period_seconds: { min: 60, max: 86_400 },
      max_message_size: { min: 1024, max: 1_048_576 },
      message_retention_seconds: { min: 60, max: 1_209_600 },
      name: { pattern: "^([\\w-]{1,80}|[\\w-]{1,75}\\.fifo)$" },
      policy: { json: true },
      receive_wait_time_seconds: { min: 0, max: 20 },
      redrive_allow_policy: { json: true },
      redrive_policy: { json: true },
      visibility_timeout_seconds: { min: 0, max: 43_200 },
    },
    defaults: {
      content_based_deduplication: false,
      delay_seconds: 0,
      fifo_queue: false,
      max_message_size: 262_144,
      message_retention_seconds: 345_600,
      receive_wait_time_seconds: 0,
      visibility_timeout_seconds: 30,
    },
  },
  aws_sqs_queue_policy: { forceNew: ["queue_url"], values: { policy: { json: true } } },
};
