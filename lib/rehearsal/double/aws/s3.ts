import type { ProviderRules, TypeRules } from "../core/rules";
import { arn } from "./rules-common";

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

/** Buckets and tables. */
export const storageRules: ProviderRules["resources"] = {
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
};
