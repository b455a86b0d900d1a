import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed, plan } from "./configured";

const type = "aws_cloudwatch_metric_alarm";
const alarm: ObjectValue = {
  metric_name: "Age",
  statistic: "Maximum",
  period: 3600,
  evaluation_periods: 24,
};

test("an alarm has its name as its id", () => {
  expect(computed(type, { alarm_name: "a" })).toMatchObject({
    id: "a",
    arn: arnOf("cloudwatch", "alarm:a"),
  });
});

test("a dashboard has its name as its id, and an ARN without a region", () => {
  expect(computed("aws_cloudwatch_dashboard", { dashboard_name: "na" })).toMatchObject({
    id: "na",
    dashboard_arn: "arn:aws:cloudwatch::111111111111:dashboard/na",
  });
});

test.each<[string, ObjectValue, string]>([
  ["without a statistic", { ...alarm, statistic: null }, "One of `statistic`"],
  [
    "with more datapoints than periods",
    { ...alarm, datapoints_to_alarm: 25 },
    "datapoints_to_alarm (25)",
  ],
  ["over eight days", { ...alarm, evaluation_periods: 192 }, "at most 604800 seconds"],
  [
    "over two days of minutes",
    { ...alarm, period: 60, evaluation_periods: 2880 },
    "at most 86400 seconds",
  ],
])("an alarm %s is refused", (_what, planned, problem) => {
  expect(() => plan(type, { ...planned })).toThrow(problem);
});

test.each<[string, ObjectValue]>([
  ["over seven days", { ...alarm, evaluation_periods: 168 }],
  ["of an expression", { evaluation_periods: 1 }],
])("an alarm %s is not", (_what, planned) => {
  expect(() => plan(type, { ...planned })).not.toThrow();
});
