import { text } from "../core/value";
import { ARN, type AwsService, arnOf, JSON_DOCUMENT, nameAndPrefix, nameOf } from "./common";

const rate = { min: 0, max: 100 };

/** Topics. */
export const sns: AwsService = {
  resources: {
    aws_sns_topic: {
      forceNew: ["fifo_topic", "name", "name_prefix"],
      conflicts: { name: ["name_prefix"] },
      limits: {
        application_success_feedback_sample_rate: rate,
        delivery_policy: JSON_DOCUMENT,
        display_name: { maxLength: 100 },
        firehose_success_feedback_sample_rate: rate,
        http_success_feedback_sample_rate: rate,
        lambda_success_feedback_sample_rate: rate,
        name: { pattern: "^([\\w-]{1,256}|[\\w-]{1,251}\\.fifo)$" },
        policy: JSON_DOCUMENT,
        signature_version: { min: 1, max: 2 },
        sqs_success_feedback_sample_rate: rate,
        tracing_config: { oneOf: ["Active", "PassThrough"] },
      },
      defaults: { content_based_deduplication: false, fifo_topic: false },
      computed: (object, at) => {
        const name = nameOf(object);
        const arn = arnOf("sns", at, name);
        return {
          ...nameAndPrefix(object, name),
          id: arn,
          arn,
          owner: at.account,
          beginning_archive_time: "",
          fifo_throughput_scope: "",
          policy: text(object.planned, "policy") ?? ownerPolicy(arn, at.account),
          signature_version: 0,
          tracing_config: "",
        };
      },
    },
    aws_sns_topic_policy: {
      forceNew: ["arn"],
      limits: { arn: ARN, policy: JSON_DOCUMENT },
      computed: ({ planned }, { account }) => ({ id: planned.arn ?? null, owner: account }),
    },
  },
};

/** The policy that SNS gives to a topic. */
const ownerPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["SNS:Publish", "SNS:Subscribe"],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });
