import { type AwsService, arnOf, LOG_GROUP_NAME, nameAndPrefix, named, nameOf } from "./common";

/** Log groups. */
export const logs: AwsService = {
  resources: {
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
