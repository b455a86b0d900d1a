import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformStack, Testing } from "cdktf";
import { OAuthClientWithOffloadedSecret, OnRotated, OrgStack, type RotatedTarget } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";
import type { Synthesized } from "../support/state-stacks";

const SECRET = "/genesys/production/na-prod/crm-sync";
const LAMBDA = "arn:aws:lambda:us-east-1:111111111111:function:restart";
const CLUSTER = "arn:aws:ecs:us-east-1:111111111111:cluster/crm";
const SERVICE = "arn:aws:ecs:us-east-1:111111111111:service/crm/sync";

function synthesized(target: RotatedTarget) {
  const stack = new TerraformStack(testApp(temporaryFolder()), "crm");
  new OnRotated(stack, "restart", { secretName: SECRET, ...target });
  const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
  const one = (type: string, name: RegExp = /./) =>
    Object.entries(resource[type] ?? {}).find(([id]) => name.test(id))?.[1];
  return { resource, one };
}

test("the rule matches the new current value of this secret, and nothing else", () => {
  const { one } = synthesized({ lambda: LAMBDA });
  expect(JSON.parse(`${one("aws_cloudwatch_event_rule")?.event_pattern}`)).toEqual({
    source: ["aws.secretsmanager"],
    "detail-type": ["Secret Label Updated"],
    detail: { name: [SECRET], labelUpdated: ["AWSCURRENT"] },
  });
});

test("a function is called, by this rule alone", () => {
  const { one } = synthesized({ lambda: LAMBDA });
  expect(one("aws_cloudwatch_event_target")).toMatchObject({ arn: LAMBDA });
  expect(one("aws_lambda_permission")).toMatchObject({
    action: "lambda:InvokeFunction",
    function_name: LAMBDA,
    principal: "events.amazonaws.com",
    source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..*\.arn\}$/),
  });
});

test("a topic of the same stack gets a message", () => {
  const stack = new TerraformStack(testApp(temporaryFolder()), "crm");
  const topic = new SnsTopic(stack, "topic", {});
  new OnRotated(stack, "told", { secretName: SECRET, topic: topic.arn });
  const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
  expect(Object.values(resource.aws_cloudwatch_event_target ?? {})).toEqual([
    expect.objectContaining({ arn: "${aws_sns_topic.topic.arn}" }),
  ]);
});

test("the tasks of a service are replaced by a machine whose role may do only that", () => {
  const { one, resource } = synthesized({ ecs: { cluster: CLUSTER, service: SERVICE } });
  const machine = one("aws_sfn_state_machine");
  expect(machine?.type).toBe("EXPRESS");
  expect(JSON.parse(`${machine?.definition}`).States.Restart).toMatchObject({
    Resource: "arn:aws:states:::aws-sdk:ecs:updateService",
    Parameters: { Cluster: CLUSTER, Service: SERVICE, ForceNewDeployment: true },
  });
  const policies = Object.values(resource.aws_iam_role_policy ?? {}).flatMap(
    ({ policy }) => JSON.parse(`${policy}`).Statement,
  );
  expect(policies).toEqual([
    {
      Sid: "Restart",
      Effect: "Allow",
      Action: ["ecs:UpdateService"],
      Resource: [SERVICE],
      Condition: { ArnEquals: { "ecs:cluster": CLUSTER } },
    },
    {
      Sid: "Start",
      Effect: "Allow",
      Action: ["states:StartExecution"],
      Resource: [expect.stringMatching(/^\$\{aws_sfn_state_machine\..*\.arn\}$/)],
    },
  ]);
});

test.each<[RotatedTarget, string]>([
  [{}, "crm/restart: give one of lambda, topic and ecs (found: none)"],
  [
    { lambda: LAMBDA, topic: "arn:aws:sns:us-east-1:111111111111:t" },
    "crm/restart: give one of lambda, topic and ecs (found: lambda and topic)",
  ],
  [{ topic: LAMBDA }, `crm/restart: topic is "${LAMBDA}": give the full ARN of an SNS topic`],
  [
    { ecs: { cluster: "crm", service: SERVICE } },
    'crm/restart: ecs.cluster is "crm": give the full ARN of a cluster of Amazon ECS',
  ],
])("%j is refused", (target, message) => {
  expect(() => synthesized(target)).toThrow(message);
});

test("an OAuth client tells a function of its own stack", () => {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg());
  new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
    name: "crm-sync",
    permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
  }).onRotated("told", { lambda: LAMBDA });
  const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
  const patterns = Object.values(resource.aws_cloudwatch_event_rule ?? {}).map(
    ({ event_pattern: pattern }) => JSON.parse(`${pattern}`).detail?.name,
  );
  expect(patterns).toContainEqual([SECRET]);
});
