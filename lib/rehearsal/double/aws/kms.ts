import { uuid } from "../core/made-up-values";
import { text } from "../core/value";
import { type AwsService, arnOf, JSON_DOCUMENT, nameAndPrefix, named, nameOf } from "./common";

/** Keys and their aliases. */
export const kms: AwsService = {
  resources: {
    aws_kms_alias: {
      ...named,
      limits: { name: { pattern: "^alias/(?!aws/)" } },
      computed: (object, at) => {
        const name = nameOf(object);
        const target = text(object.planned, "target_key_id");
        const targetArn = target?.startsWith("arn:") ? target : arnOf("kms", at, `key/${target}`);
        const arn = arnOf("kms", at, name);
        return { ...nameAndPrefix(object, name), id: name, arn, target_key_arn: targetArn };
      },
    },
    aws_kms_key: {
      forceNew: [
        "custom_key_store_id",
        "customer_master_key_spec",
        "key_usage",
        "multi_region",
        "xks_key_id",
      ],
      requires: {
        rotation_period_in_days: ["enable_key_rotation"],
        xks_key_id: ["custom_key_store_id"],
      },
      limits: {
        deletion_window_in_days: { min: 7, max: 30 },
        description: { maxLength: 8192 },
        policy: JSON_DOCUMENT,
        rotation_period_in_days: { min: 90, max: 2560 },
      },
      defaults: {
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
        enable_key_rotation: false,
        key_usage: "ENCRYPT_DECRYPT",
      },
      computed: ({ seed, planned }, at) => {
        const id = uuid(seed);
        const policy = text(planned, "policy") ?? defaultKeyPolicy(at.account);
        const rotation = planned.enable_key_rotation === true ? 365 : 0;
        const arn = arnOf("kms", at, `key/${id}`);
        return {
          id,
          key_id: id,
          arn,
          policy,
          rotation_period_in_days: rotation,
          multi_region: false,
        };
      },
    },
  },
};

function defaultKeyPolicy(account: string): string {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const statement = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
