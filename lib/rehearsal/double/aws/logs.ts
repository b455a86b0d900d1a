import { type AwsService, arnOf, LOG_GROUP_NAME, nameAndPrefix, named, nameOf } from "./common";

const metricName = { minLength: 1, maxLength: 255, pattern: "^[^:*$]*$" };

/** Log groups and their metric filters. */
export const logs: AwsService = {
  resources: {
    aws_cloudwatch_log_metric_filter: {
      forceNew: ["log_group_name", "name"],
      identifier: ["log_group_name", "name"],
      limits: {
        log_group_name: LOG_GROUP_NAME,
        name: { minLength: 1, maxLength: 512, pattern: "^[^:*]+$" },
        pattern: { maxLength: 1024 },
        "metric_transformation.name": metricName,
        "metric_transformation.namespace": metricName,
        "metric_transformation.value": { maxLength: 100 },
      },
      conflicts: { "metric_transformation.dimensions": ["metric_transformation.default_value"] },
      defaults: { apply_on_transformed_logs: false },
      computed: (object) => ({ id: nameOf(object) }),
    },
    aws_cloudwatch_log_group: {
      ...named,
      forceNew: ["log_group_class", "name", "name_prefix"],
      limits: {
        log_group_class: { oneOf: ["DELIVERY", "INFREQUENT_ACCESS", "STANDARD"] },
        name: LOG_GROUP_NAME,
        name_prefix: { ...LOG_GROUP_NAME, maxLength: 483 },
        retention_in_days: {
          oneOf: [
            0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
            2557, 2922, 3288, 3653,
          ],
        },
      },
      defaults: { retention_in_days: 0 },
      computed: (object, at) => {
        const name = nameOf(object);
        return {
          ...nameAndPrefix(object, name),
          id: name,
          arn: arnOf("logs", at, `log-group:${name}`),
          log_group_class: "STANDARD",
        };
      },
    },
  },
};
