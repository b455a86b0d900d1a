import { arnOf, computed } from "./configured";

test("a schedule is in a group", () => {
  expect(computed("aws_scheduler_schedule", { name: "s" })).toMatchObject({
    id: "default/s",
    group_name: "default",
    arn: arnOf("scheduler", "schedule/default/s"),
  });
});
