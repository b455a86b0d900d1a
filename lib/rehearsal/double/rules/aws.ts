import type { ProviderRules, TypeRules } from "./rules";

const name: TypeRules = {
  forceNew: ["name", "name_prefix", "region"],
  conflictsWith: { name: ["name_prefix"] },
};

/** From the schema definitions of hashicorp/aws 6. */
export const awsRules: ProviderRules = {
  resources: {
    aws_secretsmanager_secret: {
      ...name,
      defaults: { force_overwrite_replica_secret: false, recovery_window_in_days: 30 },
    },
    aws_secretsmanager_secret_policy: { forceNew: ["secret_arn", "region"] },
    aws_secretsmanager_secret_rotation: {
      forceNew: ["secret_id", "region"],
      defaults: { rotate_immediately: true },
    },
    aws_secretsmanager_secret_version: {
      forceNew: [
        "secret_id",
        "secret_binary",
        "secret_string",
        "secret_string_wo_version",
        "region",
      ],
      conflictsWith: {
        secret_string: ["secret_binary", "secret_string_wo"],
        secret_binary: ["secret_string_wo"],
      },
      requiredWith: { secret_string_wo_version: ["secret_string_wo"] },
    },
    aws_iam_role: {
      forceNew: ["name", "name_prefix", "path"],
      conflictsWith: { name: ["name_prefix"] },
      values: {
        max_session_duration: { min: 3600, max: 43_200 },
        name: { minLength: 1, maxLength: 64 },
      },
      defaults: { force_detach_policies: false, max_session_duration: 3600, path: "/" },
    },
    aws_iam_role_policy: {
      forceNew: ["name", "name_prefix", "role"],
      conflictsWith: { name: ["name_prefix"] },
    },
    aws_kms_alias: { ...name, values: { name: { pattern: "^alias/" } } },
    aws_kms_key: {
      forceNew: [
        "customer_master_key_spec",
        "custom_key_store_id",
        "key_usage",
        "multi_region",
        "xks_key_id",
        "region",
      ],
      values: {
        deletion_window_in_days: { min: 7, max: 30 },
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
    aws_ssm_parameter: {
      forceNew: ["name", "region"],
      exactlyOneOf: [["value", "insecure_value", "value_wo"]],
      requiredWith: { value_wo_version: ["value_wo"] },
      values: {
        type: { oneOf: ["String", "StringList", "SecureString"] },
        tier: { oneOf: ["Standard", "Advanced", "Intelligent-Tiering"] },
        name: { minLength: 1, maxLength: 2048 },
      },
    },
  },
};
