import { arnOf, computed } from "./configured";

test("a log group has its name as its id", () => {
  expect(computed("aws_cloudwatch_log_group", { name: "/a" })).toMatchObject({
    id: "/a",
    arn: arnOf("logs", "log-group:/a"),
  });
});

test("a metric filter has its name as its id", () => {
  const planned = { name: "reads", log_group_name: "trail" };
  expect(computed("aws_cloudwatch_log_metric_filter", planned)).toMatchObject({ id: "reads" });
});
