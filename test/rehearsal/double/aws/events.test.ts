import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed } from "./configured";

test.each<[string, ObjectValue, ObjectValue]>([
  ["aws_cloudwatch_event_rule", { name: "r" }, { id: "r", arn: arnOf("events", "rule/r") }],
  [
    "aws_cloudwatch_event_rule",
    { name: "r", event_bus_name: "bus" },
    { id: "bus/r", arn: arnOf("events", "rule/bus/r") },
  ],
  ["aws_cloudwatch_event_target", { rule: "r", target_id: "t" }, { id: "r-t", target_id: "t" }],
])("%s of %j has %j", (type, planned, expected) => {
  expect(computed(type, planned)).toMatchObject(expected);
});
