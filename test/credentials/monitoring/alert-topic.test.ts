import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { AlertTopic, type Environment } from "../../../lib";
import {
  alertKeyPolicy,
  alertTopicPolicy,
} from "../../../lib/credentials/monitoring/alert-topic-policies";
import { alertTopicArnOf } from "../../../lib/registry/monitoring-names";
import { temporaryFolder } from "../../support/folders";
import { sampleOrg, testApp } from "../../support/sample-org";

const aws = { account: "111111111111", region: "us-east-1" };
const ARN = "arn:aws:sns:us-east-1:111111111111:genesys-alerts-production";

function synthesized(...environments: Environment[]) {
  const stack = new TerraformStack(testApp(temporaryFolder()), "alerts");
  new AwsProvider(stack, "aws", { region: aws.region });
  const topics = environments.map((environment) => AlertTopic.of(stack, { environment, aws }));
  return { topics, ...JSON.parse(Testing.synth(stack)) };
}

test("an environment has one topic, with a key of its own", () => {
  const { topics, resource } = synthesized("production", "production", "staging");
  expect(topics[0]).toBe(topics[1]);
  expect(Object.keys(resource.aws_kms_key)).toHaveLength(2);
  expect(
    Object.values<{ name: string; kms_master_key_id: string }>(resource.aws_sns_topic),
  ).toMatchObject([
    {
      name: "genesys-alerts-production",
      kms_master_key_id: expect.stringMatching(
        /^\$\{aws_kms_key\.alerts-production_key_\w+\.arn\}$/,
      ),
    },
    { name: "genesys-alerts-staging" },
  ]);
});

test("it is the topic that the alerts of an org of the environment go to", () => {
  expect(alertTopicArnOf(sampleOrg("na-prod"))).toBe(ARN);
  const org = sampleOrg("na-prod", { monitoring: {} });
  expect(org.monitoring?.topicArn).toBe(ARN);
  expect(org.rotation.alarmActions).toEqual([ARN]);
});

test("the alarms of the rotation keep the targets that the registry names", () => {
  const alarmActions = ["arn:aws:sns:us-east-1:111111111111:on-call"];
  const org = sampleOrg("na-prod", { monitoring: {}, rotation: { alarmActions } });
  expect(org.rotation.alarmActions).toEqual(alarmActions);
});

describe.each([
  ["topic", alertTopicPolicy(aws, ARN)],
  ["key", alertKeyPolicy(aws)],
])("the policy of the %s", (_what, statements) => {
  const conditionOf = (sid: string) => statements.find(({ Sid }) => Sid === sid)?.Condition;

  test("has no condition for EventBridge, which sends no context: each alert would be lost", () => {
    expect(conditionOf("Events")).toBeUndefined();
  });

  test("lets only alarms of the account use it", () => {
    expect(conditionOf("Alarms")).toEqual({ StringEquals: { "aws:SourceAccount": [aws.account] } });
  });

  test("allows nothing to everybody", () => {
    for (const { Principal } of statements) expect(JSON.stringify(Principal)).not.toContain('"*"');
  });
});
