import { arnOf, computed } from "./configured";

const arn = arnOf("sns", "alerts");

test("a topic has its ARN as its id, and a policy for its owner", () => {
  const topic = computed("aws_sns_topic", { name: "alerts" });
  expect(topic).toMatchObject({ id: arn, arn, owner: "111111111111" });
  expect(JSON.parse(String(topic?.policy)).Statement).toMatchObject([
    { Condition: { StringEquals: { "AWS:SourceOwner": "111111111111" } } },
  ]);
});

test("the policy of a topic has the topic's ARN as its id", () => {
  expect(computed("aws_sns_topic_policy", { arn })).toMatchObject({ id: arn });
});
