import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed } from "./configured";

test.each<[string, ObjectValue, ObjectValue]>([
  [
    "aws_sqs_queue",
    { name: "q" },
    {
      id: "https://sqs.eu-west-1.amazonaws.com/111111111111/q",
      arn: arnOf("sqs", "q"),
      sqs_managed_sse_enabled: true,
    },
  ],
  ["aws_sqs_queue", { name: "q", kms_master_key_id: "k" }, { sqs_managed_sse_enabled: false }],
  ["aws_sqs_queue_policy", { queue_url: "https://q" }, { id: "https://q" }],
])("%s of %j has %j", (type, planned, expected) => {
  expect(computed(type, planned)).toMatchObject(expected);
});

test("a name that is left out is made from its prefix", () => {
  expect(computed("aws_sqs_queue", { name_prefix: "q-" })?.name).toMatch(/^q-\w{26}$/);
});
