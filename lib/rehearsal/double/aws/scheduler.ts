import { text } from "../core/value";
import { ARN, type AwsService, arnOf, CRON, nameAndPrefix, named, nameOf } from "./common";

const schedule = {
  maxLength: 256,
  pattern: `^(at\\(.+\\)|${CRON}|rate\\([1-9]\\d* (minute|hour|day)s?\\))$`,
};

const scheduleName = { maxLength: 64, pattern: "^[\\w.-]+$" };

/** Schedules of EventBridge. */
export const scheduler: AwsService = {
  resources: {
    aws_scheduler_schedule: {
      ...named,
      forceNew: ["group_name", "name", "name_prefix"],
      limits: {
        action_after_completion: { oneOf: ["DELETE", "NONE"] },
        description: { maxLength: 512 },
        group_name: { minLength: 1, maxLength: 64 },
        kms_key_arn: ARN,
        name: scheduleName,
        name_prefix: { ...scheduleName, maxLength: 38 },
        schedule_expression: schedule,
        schedule_expression_timezone: { minLength: 1, maxLength: 50 },
        state: { oneOf: ["DISABLED", "ENABLED"] },
        "flexible_time_window.maximum_window_in_minutes": { min: 1, max: 1440 },
        "flexible_time_window.mode": { oneOf: ["FLEXIBLE", "OFF"] },
        "target.arn": ARN,
        "target.dead_letter_config.arn": ARN,
        "target.input": { minLength: 1 },
        "target.retry_policy.maximum_event_age_in_seconds": { min: 60, max: 86_400 },
        "target.retry_policy.maximum_retry_attempts": { min: 0, max: 185 },
        "target.role_arn": ARN,
      },
      defaults: {
        state: "ENABLED",
        "target.retry_policy.maximum_event_age_in_seconds": 86_400,
        "target.retry_policy.maximum_retry_attempts": 185,
      },
      computed: (object, at) => {
        const name = nameOf(object);
        const group = text(object.planned, "group_name") ?? "default";
        return {
          ...nameAndPrefix(object, name),
          id: `${group}/${name}`,
          arn: arnOf("scheduler", at, `schedule/${group}/${name}`),
          action_after_completion: "NONE",
          group_name: group,
        };
      },
    },
  },
};
