import type { NewObject } from "../core/behaviour";
import { digest } from "../core/made-up-values";
import { type ObjectValue, text } from "../core/value";
import { type AwsResource, type AwsService, JSON_DOCUMENT, nameAndPrefix, nameOf } from "./common";

const bucket = { minLength: 1, maxLength: 63 };
const ofBucket: AwsResource = { forceNew: ["bucket"], limits: { bucket } };

const ownedBucket: AwsResource = {
  forceNew: ["bucket", "expected_bucket_owner"],
  limits: { bucket, expected_bucket_owner: { pattern: "^\\d{12}$" } },
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

/** Buckets and their parts. */
export const s3: AwsService = {
  resources: {
    aws_s3_bucket: {
      forceNew: [
        "bucket",
        "bucket_prefix",
        "object_lock_configuration.object_lock_enabled",
        "object_lock_enabled",
      ],
      conflicts: {
        acl: ["grant"],
        bucket: ["bucket_prefix"],
        object_lock_enabled: ["object_lock_configuration"],
      },
      limits: {
        bucket: { pattern: "^([a-z0-9.-]{3,63})?$" },
        bucket_prefix: { maxLength: 37 },
        policy: JSON_DOCUMENT,
      },
      computed: (object, { region }) => {
        const bucket = nameOf(object, "bucket");
        return {
          ...nameAndPrefix(object, bucket, "bucket"),
          id: bucket,
          arn: `arn:aws:s3:::${bucket}`,
          bucket_domain_name: `${bucket}.s3.amazonaws.com`,
          bucket_region: region,
          bucket_regional_domain_name: `${bucket}.s3.${region}.amazonaws.com`,
          hosted_zone_id: `Z${digest(region).slice(0, 13).toUpperCase()}`,
          acceleration_status: "",
          acl: null,
          policy: "",
          request_payer: "BucketOwner",
          website_domain: null,
          website_endpoint: null,
        };
      },
    },
    aws_s3_bucket_lifecycle_configuration: {
      ...ownedBucket,
      limits: {
        ...ownedBucket.limits,
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
        "rule.prefix": "",
      },
      nested: { "rule.filter.prefix": "" },
    },
    aws_s3_bucket_logging: {
      ...ownedBucket,
      limits: {
        ...ownedBucket.limits,
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
      limits: {
        bucket,
        "rule.object_ownership": {
          oneOf: ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"],
        },
      },
    },
    aws_s3_bucket_policy: { ...ofBucket, limits: { bucket, policy: JSON_DOCUMENT } },
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
      limits: {
        ...ownedBucket.limits,
        "rule.apply_server_side_encryption_by_default.sse_algorithm": {
          oneOf: ["AES256", "aws:kms", "aws:kms:dsse"],
        },
      },
    },
    aws_s3_bucket_versioning: {
      ...ownedBucket,
      limits: {
        ...ownedBucket.limits,
        "versioning_configuration.mfa_delete": { oneOf: ["Disabled", "Enabled"] },
        "versioning_configuration.status": { oneOf: ["Disabled", "Enabled", "Suspended"] },
      },
      nested: { "versioning_configuration.mfa_delete": "" },
    },
  },
  families: { aws_s3_bucket_: partOfBucket },
};

function partOfBucket({ planned }: NewObject): ObjectValue {
  const owner = text(planned, "expected_bucket_owner");
  return {
    id: `${String(planned.bucket)}${owner ? `,${owner}` : ""}`,
    expected_bucket_owner: "",
  };
}
