import { awsBehaviour } from "../../../../lib/rehearsal/double/providers/aws";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/value";

const configured = (patch: ObjectValue = {}) =>
  awsBehaviour.configure({ region: "eu-west-1", allowed_account_ids: ["111111111111"], ...patch });
const make = (type: string, planned: ObjectValue, config: ObjectValue = planned) =>
  configured().computed?.({ type, planned, config, prior: null, seed: "seed" });

test.each<[string, ObjectValue, string]>([
  ["the allowed account", {}, "111111111111"],
  [
    "the account of the role that it assumes",
    { allowed_account_ids: null, assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/x" }] },
    "222222222222",
  ],
  ["no account in particular", { allowed_account_ids: null }, "000000000000"],
])("the provider is in %s", (_what, patch, account) => {
  expect(configured(patch).scope).toBe(`AWS account ${account}`);
});

test("a role of an account that is not allowed is refused", () => {
  const assume_role = [{ role_arn: "arn:aws:iam::222222222222:role/x" }];
  expect(() => configured({ assume_role })).toThrow("AWS account ID not allowed: 222222222222");
});

test("a provider without a region is refused", () => {
  expect(() => configured({ region: null })).toThrow(/invalid AWS Region/);
});

test("ids and ARNs are those of the real services", () => {
  expect(make("aws_secretsmanager_secret", { name: "/genesys/x" })).toMatchObject({
    id: expect.stringMatching(
      /^arn:aws:secretsmanager:eu-west-1:111111111111:secret:\/genesys\/x-\w{6}$/,
    ),
    region: "eu-west-1",
  });
  expect(make("aws_iam_role", { name: "r", path: "/team/" })).toMatchObject({
    id: "r",
    arn: "arn:aws:iam::111111111111:role/team/r",
  });
  expect(make("aws_iam_role_policy", { name: "p", role: "r" })).toMatchObject({ id: "r:p" });
  expect(make("aws_kms_alias", { name: "alias/a", target_key_id: "k" })).toMatchObject({
    arn: "arn:aws:kms:eu-west-1:111111111111:alias/a",
    target_key_arn: "arn:aws:kms:eu-west-1:111111111111:key/k",
  });
  expect(make("aws_ssm_parameter", { name: "/a/b" })).toMatchObject({
    id: "/a/b",
    arn: "arn:aws:ssm:eu-west-1:111111111111:parameter/a/b",
  });
  expect(make("aws_secretsmanager_secret_policy", { secret_arn: "arn" })).toMatchObject({
    id: "arn",
  });
});

test("a resource's own region wins over the provider's", () => {
  expect(make("aws_kms_key", { region: "us-east-1" })?.arn).toMatch(/^arn:aws:kms:us-east-1:/);
});

test("a secret's version says whether its value was write-only", () => {
  const type = "aws_secretsmanager_secret_version";
  const planned = { secret_id: "arn" };
  expect(make(type, planned, { secret_string_wo: "x" })).toMatchObject({
    has_secret_string_wo: true,
    secret_string: "",
  });
  expect(make(type, planned)).toMatchObject({ has_secret_string_wo: false });
});

describe("a plan", () => {
  const plan = (planned: ObjectValue, prior: ObjectValue | null = null, type = "aws_kms_key") => {
    const tags = { owner: "team", environment: "production" };
    configured({ default_tags: [{ tags }] }).plan?.(type, planned, prior);
    return planned;
  };

  test("knows all tags: the provider's, and the resource's own over them", () => {
    expect(plan({ tags: { owner: "me" }, tags_all: UNKNOWN })).toMatchObject({
      tags_all: { owner: "me", environment: "production" },
    });
    expect(plan({ tags: UNKNOWN, tags_all: UNKNOWN }).tags_all).toBe(UNKNOWN);
  });

  test("knows the region", () => {
    expect(plan({ region: UNKNOWN }).region).toBe("eu-west-1");
    expect(plan({ region: "us-east-1" }).region).toBe("us-east-1");
  });

  test("does not know the version of a parameter that changes", () => {
    const prior = { value: "a", version: 1, description: null };
    expect(plan({ ...prior, value: "b" }, prior, "aws_ssm_parameter").version).toBe(UNKNOWN);
    expect(plan({ ...prior }, prior, "aws_ssm_parameter").version).toBe(1);
  });
});

test("a policy document is rendered", () => {
  const statement: ObjectValue[] = [
    {
      sid: "Read",
      actions: ["s3:GetObject"],
      resources: ["a", "b"],
      principals: [{ type: "AWS", identifiers: ["arn"] }],
      condition: [{ test: "StringEquals", variable: "aws:x", values: ["y"] }],
    },
    { effect: "Deny", not_actions: ["s3:*"], resources: ["*"], principals: [{ type: "*" }] },
  ];
  const answer = configured().data?.(
    "aws_iam_policy_document",
    { statement },
    { objects: () => [] },
  );
  expect(JSON.parse(String(answer?.json))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Read",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["a", "b"],
        Principal: { AWS: "arn" },
        Condition: { StringEquals: { "aws:x": "y" } },
      },
      { Effect: "Deny", NotAction: "s3:*", Resource: "*", Principal: "*" },
    ],
  });
});
