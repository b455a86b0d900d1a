import { entry } from "../support/sample-org";
import { homeRegistry, homeStack, resources } from "../support/state-stacks";

const TOPIC = "arn:aws:sns:us-east-1:111111111111:genesys-alerts-production";
const TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/genesys-state-home";
const home = (accessTrail?: { topicArn?: string }, orgs = 1) => {
  const entries = Array.from({ length: orgs }, (_, index) => entry(`org-${index}`, index));
  return homeStack(homeRegistry(entries), { accessTrail }).stack;
};
const logPolicy = (stack: ReturnType<typeof home>) =>
  resources(stack, "aws_s3_bucket_policy")
    .map(({ policy }) => JSON.parse(String(policy)).Statement)
    .find((statements) =>
      statements.some(({ Sid }: { Sid: string }) => Sid === "AccessLogDelivery"),
    );

test("a home has no trail unless it asks for one, since CloudTrail charges for each event", () => {
  const stack = home();
  expect(resources(stack, "aws_cloudtrail")).toEqual([]);
  expect(JSON.stringify(logPolicy(stack))).not.toContain("cloudtrail");
});

test("a trail records each access to states and lock tables, and nothing else of the account", () => {
  const [trail] = resources(home({}), "aws_cloudtrail");
  expect(trail).toMatchObject({
    name: "genesys-state-home",
    enable_log_file_validation: true,
    s3_bucket_name: "state-bucket-logs",
    s3_key_prefix: "trail",
    advanced_event_selector: [
      {
        field_selector: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          { field: "resources.ARN", starts_with: ["arn:aws:s3:::state-bucket/"] },
        ],
      },
      {
        field_selector: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::DynamoDB::Table"] },
          {
            field: "resources.ARN",
            starts_with: ["arn:aws:dynamodb:us-east-1:111111111111:table/genesys-state-lock"],
          },
        ],
      },
    ],
  });
});

test("only this trail may write to the bucket of logs, below its own prefix", () => {
  const statements = logPolicy(home({})).filter(({ Sid }: { Sid: string }) => /^Trail/.test(Sid));
  expect(statements).toMatchObject([
    {
      Action: ["s3:GetBucketAcl"],
      Resource: ["arn:aws:s3:::state-bucket-logs"],
      Condition: { StringEquals: { "aws:SourceArn": TRAIL } },
    },
    {
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::state-bucket-logs/trail/AWSLogs/111111111111/*"],
      Condition: {
        StringEquals: { "aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
  ]);
});

test("changes by others are told to a topic, if the home has one", () => {
  expect(resources(home({}), "aws_cloudwatch_event_rule")).toEqual([]);
  const stack = home({ topicArn: TOPIC });
  expect(resources(stack, "aws_cloudwatch_event_target")).toMatchObject([{ arn: TOPIC }]);
});

test("the alert has each value that it names, and no other: EventBridge refuses both", () => {
  const [target] = resources(home({ topicArn: TOPIC }), "aws_cloudwatch_event_target");
  const { input_paths = {}, input_template } = (target?.input_transformer ?? {}) as {
    readonly input_paths?: object;
    readonly input_template?: string;
  };
  const names = [...String(input_template).matchAll(/<(\w+)>/g)].map(([, name]) => name);
  expect(names.sort()).toEqual(Object.keys(input_paths).sort());
});

test("trail and rule do not grow with the number of orgs", () => {
  const parts = [1, 10].map((orgs) => {
    const stack = home({ topicArn: TOPIC }, orgs);
    return [resources(stack, "aws_cloudtrail"), resources(stack, "aws_cloudwatch_event_rule")];
  });
  expect(parts[1]).toEqual(parts[0]);
});
