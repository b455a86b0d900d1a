import { Refusal } from "../core/refusal";
import type { ObjectValue } from "../core/value";
import { ARN, type AwsService, arnOf, JSON_DOCUMENT } from "./common";

const metric = { minLength: 1, maxLength: 255 };
const query = ["metric_query"];

/** Alarms and dashboards. */
export const cloudwatch: AwsService = {
  resources: {
    aws_cloudwatch_dashboard: {
      forceNew: ["dashboard_name"],
      limits: {
        dashboard_body: JSON_DOCUMENT,
        dashboard_name: { minLength: 1, maxLength: 255, pattern: "^[\\w-]+$" },
      },
      computed: ({ planned }, { account }) => {
        const name = String(planned.dashboard_name);
        // A dashboard belongs to no region.
        return { id: name, dashboard_arn: `arn:aws:cloudwatch::${account}:dashboard/${name}` };
      },
    },
    aws_cloudwatch_metric_alarm: {
      forceNew: ["alarm_name"],
      conflicts: {
        dimensions: query,
        extended_statistic: ["statistic", "metric_query"],
        metric_name: query,
        namespace: query,
        period: query,
        statistic: query,
        threshold: ["threshold_metric_id"],
      },
      limits: {
        alarm_actions: ARN,
        alarm_description: { maxLength: 1024 },
        alarm_name: metric,
        comparison_operator: {
          oneOf: [
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "GreaterThanUpperThreshold",
            "LessThanLowerOrGreaterThanUpperThreshold",
            "LessThanLowerThreshold",
            "LessThanOrEqualToThreshold",
            "LessThanThreshold",
          ],
        },
        datapoints_to_alarm: { min: 1 },
        evaluate_low_sample_count_percentiles: { oneOf: ["evaluate", "ignore"], ignoreCase: true },
        evaluation_periods: { min: 1 },
        insufficient_data_actions: ARN,
        metric_name: metric,
        namespace: { ...metric, pattern: "^[^:]" },
        ok_actions: ARN,
        period: { min: 10 },
        statistic: { oneOf: ["Average", "Maximum", "Minimum", "SampleCount", "Sum"] },
        threshold_metric_id: metric,
        treat_missing_data: {
          oneOf: ["breaching", "ignore", "missing", "notBreaching"],
          ignoreCase: true,
        },
        "metric_query.expression": { minLength: 1, maxLength: 1024 },
        "metric_query.id": metric,
        "metric_query.metric.metric_name": metric,
        "metric_query.metric.period": { min: 1 },
      },
      defaults: { treat_missing_data: "missing" },
      computed: ({ planned }, at) => {
        const name = String(planned.alarm_name);
        return {
          id: name,
          arn: arnOf("cloudwatch", at, `alarm:${name}`),
          evaluate_low_sample_count_percentiles: "",
        };
      },
      plan: checkAlarm,
    },
  },
};

const HOUR = 3600;
const DAY = 24 * HOUR;

function checkAlarm(planned: ObjectValue): undefined {
  const { period, evaluation_periods: periods, datapoints_to_alarm: datapoints } = planned;
  if (planned.metric_name && !planned.statistic && !planned.extended_statistic) {
    throw new Refusal("One of `statistic` or `extended_statistic` must be set for a metric alarm");
  }
  if (typeof periods !== "number") return;
  if (typeof datapoints === "number" && datapoints > periods) {
    throw new Refusal(
      "ValidationError",
      `datapoints_to_alarm (${datapoints}) is more than evaluation_periods (${periods})`,
    );
  }
  if (typeof period !== "number") return;
  const longest = period < HOUR ? DAY : 7 * DAY;
  if (period * periods <= longest) return;
  throw new Refusal(
    "ValidationError",
    `evaluation_periods times period must be at most ${longest} seconds, got ${period * periods}`,
  );
}
