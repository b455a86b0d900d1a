import type { ProviderRules } from "../core/rules";
import { arn, named } from "./rules-common";

/** Roles and policies, keys, secrets and parameters. */
export const identityRules: ProviderRules["resources"] = {
  aws_iam_openid_connect_provider: {
    forceNew: ["url"],
    values: {
      client_id_list: { minLength: 1, maxLength: 255 },
      thumbprint_list: { minLength: 40, maxLength: 40 },
      url: { pattern: "^https://[^?]+$" },
    },
  },
  aws_iam_policy: {
    ...named,
    forceNew: ["description", "name", "name_prefix", "path"],
    values: {
      name: { maxLength: 128 },
      name_prefix: { maxLength: 102 },
      policy: { json: true, maxLength: 6144 },
    },
    defaults: { path: "/" },
  },
  aws_iam_role: {
    ...named,
    forceNew: ["name", "name_prefix", "path"],
    values: {
      assume_role_policy: { json: true },
      description: { maxLength: 1000 },
      max_session_duration: { min: 3600, max: 43_200 },
      name: { maxLength: 64 },
      name_prefix: { maxLength: 38 },
      path: { maxLength: 512 },
    },
    defaults: { force_detach_policies: false, max_session_duration: 3600, path: "/" },
  },
  aws_iam_role_policy: {
    ...named,
    forceNew: ["name", "name_prefix", "role"],
    values: {
      name: { maxLength: 128 },
      name_prefix: { maxLength: 102 },
      policy: { json: true, maxLength: 10_240 },
      role: { pattern: "^[^:]*$" },
    },
  },
  aws_iam_role_policy_attachment: {
    forceNew: ["policy_arn", "role"],
    values: { policy_arn: arn },
  },
  aws_kms_alias: { ...named, values: { name: { pattern: "^alias/(?!aws/)" } } },
  aws_kms_key: {
    forceNew: [
      "custom_key_store_id",
      "customer_master_key_spec",
      "key_usage",
      "multi_region",
      "xks_key_id",
    ],
    requiredWith: {
      rotation_period_in_days: ["enable_key_rotation"],
      xks_key_id: ["custom_key_store_id"],
    },
    values: {
      deletion_window_in_days: { min: 7, max: 30 },
      description: { maxLength: 8192 },
      policy: { json: true },
      rotation_period_in_days: { min: 90, max: 2560 },
    },
    defaults: {
      bypass_policy_lockout_safety_check: false,
      customer_master_key_spec: "SYMMETRIC_DEFAULT",
      enable_key_rotation: false,
      is_enabled: true,
      key_usage: "ENCRYPT_DECRYPT",
    },
  },
  aws_secretsmanager_secret: {
    unique: ["name"],
    ...named,
    values: {
      description: { maxLength: 2048 },
      name: { minLength: 1, maxLength: 512, pattern: "^[\\w/+=.@-]+$" },
      policy: { json: true },
      recovery_window_in_days: { min: 7, max: 30, or: 0 },
    },
    defaults: { force_overwrite_replica_secret: false, recovery_window_in_days: 30 },
  },
  aws_secretsmanager_secret_policy: {
    forceNew: ["secret_arn"],
    values: { policy: { json: true }, secret_arn: arn },
  },
  aws_secretsmanager_secret_rotation: {
    forceNew: ["secret_id"],
    exactlyOneOf: [
      ["rotation_rules.automatically_after_days", "rotation_rules.schedule_expression"],
    ],
    values: {
      rotation_lambda_arn: arn,
      "rotation_rules.automatically_after_days": { min: 1, max: 1000 },
      "rotation_rules.duration": { pattern: "^\\d+h$" },
      // On the hour, in every year, at least four hours apart.
      "rotation_rules.schedule_expression": {
        maxLength: 256,
        pattern:
          "^(cron\\(0 +(\\S+ +){4}\\*\\)|rate\\((([4-9]|[1-9]\\d+) hours|[1-9]\\d* days?)\\))$",
      },
    },
    defaults: { rotate_immediately: true },
  },
  aws_secretsmanager_secret_version: {
    forceNew: ["secret_binary", "secret_id", "secret_string", "secret_string_wo_version"],
    conflictsWith: {
      secret_binary: ["secret_string", "secret_string_wo"],
      secret_string: ["secret_string_wo"],
    },
    requiredWith: {
      secret_string_wo: ["secret_string_wo_version"],
      secret_string_wo_version: ["secret_string_wo"],
    },
  },
  aws_ssm_parameter: {
    forceNew: ["data_type", "name"],
    exactlyOneOf: [["insecure_value", "value", "value_wo"]],
    requiredWith: { value_wo: ["value_wo_version"], value_wo_version: ["value_wo"] },
    values: {
      allowed_pattern: { maxLength: 1024 },
      data_type: { oneOf: ["aws:ec2:image", "aws:ssm:integration", "text"] },
      description: { maxLength: 1024 },
      name: { minLength: 1, maxLength: 2048 },
      tier: { oneOf: ["Standard", "Advanced", "Intelligent-Tiering"] },
      type: { oneOf: ["String", "StringList", "SecureString"] },
    },
  },
};
