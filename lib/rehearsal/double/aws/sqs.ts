import { text } from "../core/value";
import { type AwsService, arnOf, JSON_DOCUMENT, nameAndPrefix, nameOf } from "./common";

/** Queues. */
export const sqs: AwsService = {
  resources: {
    aws_sqs_queue: {
      forceNew: ["fifo_queue", "name", "name_prefix"],
      conflicts: { kms_master_key_id: ["sqs_managed_sse_enabled"], name: ["name_prefix"] },
      limits: {
        deduplication_scope: { oneOf: ["messageGroup", "queue"] },
        delay_seconds: { min: 0, max: 900 },
        fifo_throughput_limit: { oneOf: ["perMessageGroupId", "perQueue"] },
        kms_data_key_reuse_period_seconds: { min: 60, max: 86_400 },
        max_message_size: { min: 1024, max: 1_048_576 },
        message_retention_seconds: { min: 60, max: 1_209_600 },
        name: { pattern: "^([\\w-]{1,80}|[\\w-]{1,75}\\.fifo)$" },
        policy: JSON_DOCUMENT,
        receive_wait_time_seconds: { min: 0, max: 20 },
        redrive_allow_policy: JSON_DOCUMENT,
        redrive_policy: JSON_DOCUMENT,
        visibility_timeout_seconds: { min: 0, max: 43_200 },
      },
      defaults: { delay_seconds: 0, fifo_queue: false, message_retention_seconds: 345_600 },
      computed: (object, at) => {
        const name = nameOf(object);
        const url = `https://sqs.${at.region}.amazonaws.com/${at.account}/${name}`;
        return {
          ...nameAndPrefix(object, name),
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
    },
    aws_sqs_queue_policy: {
      forceNew: ["queue_url"],
      limits: { policy: JSON_DOCUMENT },
      computed: ({ planned }) => ({ id: planned.queue_url ?? null }),
    },
  },
};
