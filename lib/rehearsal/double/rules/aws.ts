import type { ProviderRules, TypeRules } from "./rules";

const named: TypeRules = {
  forceNew: ["name", "name_prefix"],
  conflictsWith: { name: ["name_prefix"] },
};

const bucket = { minLength: 1, maxLength: 63 };
const ofBucket: TypeRules = { forceNew: ["bucket"], values: { bucket } };

const ownedBucket: TypeRules = {
  forceNew: ["bucket", "expected_bucket_owner"],
  values: { bucket, expected_bucket_owner: { pattern: "^\\d{12}$" } },
};

const storageClass = {
  oneOf: [
    "DEEP_ARCHIVE",
    "GLACIER",
    "GLACIER_IR",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "STANDARD_IA",
  ],
};
const projection = { oneOf: ["ALL", "INCLUDE", "KEYS_ONLY"] };
const arn = { pattern: "^arn:" };

/**
 * From the schema definitions of hashicorp/aws 6.26.0. Those of S3, DynamoDB, OIDC providers and managed
 * policies were read in copies of other versions, and lengths of policies are limits of the service.
 */
export const awsRules: ProviderRules = {
  provider: { conflictsWith: { allowed_account_ids: ["forbidden_account_ids"] } },
  resources: {
    aws_dynamodb_table: {
      forceNew: [
        "hash_key",
        "import_table.s3_bucket_source",
        "local_secondary_index",
        "name",
        "range_key",
        "restore_date_time",
        "restore_to_latest_time",
      ],
      conflictsWith: {
        import_table: ["restore_source_name", "restore_source_table_arn"],
        on_demand_throughput: ["read_capacity", "write_capacity"],
        restore_source_name: ["restore_source_table_arn"],
      },
      values: {
        billing_mode: { oneOf: ["PROVISIONED", "PAY_PER_REQUEST"] },
        restore_source_table_arn: arn,
        stream_view_type: {
          oneOf: ["", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE"],
        },
        table_class: { oneOf: ["STANDARD", "STANDARD_INFREQUENT_ACCESS"] },
        "attribute.type": { oneOf: ["B", "N", "S"] },
        "global_secondary_index.projection_type": projection,
        "local_secondary_index.projection_type": projection,
        "point_in_time_recovery.recovery_period_in_days": { min: 1, max: 35 },
        "replica.consistency_mode": { oneOf: ["EVENTUAL", "STRONG"] },
        "replica.kms_key_arn": arn,
        "server_side_encryption.kms_key_arn": arn,
      },
      defaults: {
        billing_mode: "PROVISIONED",
        table_class: "STANDARD",
        "replica.consistency_mode": "EVENTUAL",
        "replica.point_in_time_recovery": false,
        "replica.propagate_tags": false,
        "ttl.enabled": false,
      },
    },
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
    aws_s3_bucket: {
      forceNew: [
        "bucket",
        "bucket_prefix",
        "object_lock_configuration.object_lock_enabled",
        "object_lock_enabled",
      ],
      conflictsWith: {
        acl: ["grant"],
        bucket: ["bucket_prefix"],
        object_lock_enabled: ["object_lock_configuration"],
      },
      values: {
        bucket: { pattern: "^([a-z0-9.-]{3,63})?$" },
        bucket_prefix: { maxLength: 37 },
        policy: { json: true },
      },
      defaults: { force_destroy: false },
    },
    aws_s3_bucket_lifecycle_configuration: {
      ...ownedBucket,
      values: {
        ...ownedBucket.values,
        transition_default_minimum_object_size: {
          oneOf: ["all_storage_classes_128K", "varies_by_storage_class"],
        },
        "rule.id": { minLength: 1, maxLength: 255 },
        "rule.noncurrent_version_expiration.newer_noncurrent_versions": { min: 1 },
        "rule.noncurrent_version_expiration.noncurrent_days": { min: 1 },
        "rule.noncurrent_version_transition.newer_noncurrent_versions": { min: 1 },
        "rule.noncurrent_version_transition.noncurrent_days": { min: 0 },
        "rule.noncurrent_version_transition.storage_class": storageClass,
        "rule.status": { oneOf: ["Disabled", "Enabled"] },
        "rule.transition.days": { min: 0 },
        "rule.transition.storage_class": storageClass,
      },
      defaults: {
        transition_default_minimum_object_size: "all_storage_classes_128K",
        "rule.expiration.days": 0,
        "rule.expiration.expired_object_delete_marker": false,
        "rule.filter.and.object_size_greater_than": 0,
        "rule.filter.and.object_size_less_than": 0,
        "rule.filter.and.prefix": "",
        "rule.prefix": "",
      },
    },
    aws_s3_bucket_logging: {
      ...ownedBucket,
      values: {
        ...ownedBucket.values,
        "target_grant.grantee.type": {
          oneOf: ["AmazonCustomerByEmail", "CanonicalUser", "Group"],
        },
        "target_grant.permission": { oneOf: ["FULL_CONTROL", "READ", "WRITE"] },
        "target_object_key_format.partitioned_prefix.partition_date_source": {
          oneOf: ["DeliveryTime", "EventTime"],
        },
      },
    },
    aws_s3_bucket_ownership_controls: {
      ...ofBucket,
      values: {
        bucket,
        "rule.object_ownership": {
          oneOf: ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"],
        },
      },
    },
    aws_s3_bucket_policy: { ...ofBucket, values: { bucket, policy: { json: true } } },
    aws_s3_bucket_public_access_block: {
      ...ofBucket,
      defaults: {
        block_public_acls: false,
        block_public_policy: false,
        ignore_public_acls: false,
        restrict_public_buckets: false,
      },
    },
    aws_s3_bucket_server_side_encryption_configuration: {
      ...ownedBucket,
      values: {
        ...ownedBucket.values,
        "rule.apply_server_side_encryption_by_default.sse_algorithm": {
          oneOf: ["AES256", "aws:kms", "aws:kms:dsse"],
        },
      },
    },
    aws_s3_bucket_versioning: {
      ...ownedBucket,
      values: {
        ...ownedBucket.values,
        "versioning_configuration.mfa_delete": { oneOf: ["Disabled", "Enabled"] },
        "versioning_configuration.status": { oneOf: ["Disabled", "Enabled", "Suspended"] },
      },
    },
    aws_secretsmanager_secret: {
      unique: ["name"],
      ...named,
      values: { policy: { json: true }, recovery_window_in_days: { min: 7, max: 30, or: 0 } },
      defaults: { force_overwrite_replica_secret: false, recovery_window_in_days: 30 },
    },
    aws_secretsmanager_secret_policy: {
      forceNew: ["secret_arn"],
      values: { policy: { json: true }, secret_arn: arn },
    },
    aws_secretsmanager_secret_rotation: {
      forceNew: ["secret_id"],
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
  },
  dataSources: {
    aws_iam_policy_document: {
      values: {
        version: { oneOf: ["2008-10-17", "2012-10-17"] },
        "statement.effect": { oneOf: ["Allow", "Deny"] },
        "statement.sid": { pattern: "^[a-zA-Z0-9]*$" },
      },
    },
  },
};
