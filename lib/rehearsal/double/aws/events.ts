import type { NewObject } from "../core/behaviour";
import { text } from "../core/value";
import { ARN, type AwsService, arnOf, CRON, JSON_DOCUMENT, nameAndPrefix, nameOf } from "./common";

const ruleName = { maxLength: 64, pattern: "^[\\w.-]+$" };

// Unlike the scheduler, EventBridge's older rules want the singular after 1 and the plural after others.
const scheduleOfRule = {
  maxLength: 256,
  pattern: `^(${CRON}|rate\\((1 (minute|hour|day)|(?!1 )[1-9]\\d* (minutes|hours|days))\\))?$`,
};

/** Rules of EventBridge and their targets. */
export const events: AwsService = {
  resources: {
    aws_cloudwatch_event_rule: {
      forceNew: ["event_bus_name", "name", "name_prefix"],
      conflicts: { is_enabled: ["state"], name: ["name_prefix"] },
      atLeastOneOf: [["event_pattern", "schedule_expression"]],
      limits: {
        description: { maxLength: 512 },
        event_pattern: { ...JSON_DOCUMENT, maxLength: 4096 },
        name: ruleName,
        name_prefix: { ...ruleName, maxLength: 38 },
        role_arn: ARN,
        schedule_expression: scheduleOfRule,
        state: { oneOf: ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] },
      },
      defaults: { event_bus_name: "default" },
      computed: (object, at) => {
        const name = nameOf(object);
        const path = [...busOf(object), name].join("/");
        return {
          ...nameAndPrefix(object, name),
          id: path,
          arn: arnOf("events", at, `rule/${path}`),
        };
      },
    },
    aws_cloudwatch_event_target: {
      forceNew: ["event_bus_name", "rule", "target_id"],
      conflicts: {
        input: ["input_path", "input_transformer"],
        input_path: ["input_transformer"],
      },
      limits: {
        arn: ARN,
        input: { ...JSON_DOCUMENT, maxLength: 8192 },
        input_path: { maxLength: 256 },
        role_arn: ARN,
        rule: ruleName,
        target_id: ruleName,
        "dead_letter_config.arn": ARN,
        "input_transformer.input_template": { minLength: 1, maxLength: 8192 },
        "retry_policy.maximum_event_age_in_seconds": { min: 0, max: 86_400 },
        "retry_policy.maximum_retry_attempts": { min: 0, max: 185 },
      },
      defaults: { event_bus_name: "default" },
      computed: (object) => {
        const target = nameOf(object, "target_id");
        return {
          id: [...busOf(object), String(object.planned.rule), target].join("-"),
          target_id: target,
        };
      },
    },
  },
};

// The default bus is not part of an id.
function busOf({ planned }: NewObject): string[] {
  const bus = text(planned, "event_bus_name") ?? "default";
  return bus === "default" ? [] : [bus];
}
