import { tmpdir } from "node:os";
import { awsBehaviour } from "../../../../lib/rehearsal/double/aws/index";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";

const configured = (patch: ObjectValue = {}) =>
  awsBehaviour(tmpdir()).configure({
    region: "eu-west-1",
    allowed_account_ids: ["111111111111"],
    ...patch,
  });
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

test("so are those of buckets, tables and what grants access to them", () => {
  expect(make("aws_s3_bucket", { bucket: "state" })).toMatchObject({
    id: "state",
    arn: "arn:aws:s3:::state",
    bucket_prefix: "",
    bucket_regional_domain_name: "state.s3.eu-west-1.amazonaws.com",
  });
  expect(make("aws_s3_bucket", { bucket_prefix: "logs-" })?.bucket).toMatch(/^logs-\w{26}$/);
  expect(make("aws_s3_bucket_versioning", { bucket: "state" })?.id).toBe("state");
  expect(
    make("aws_s3_bucket_logging", { bucket: "state", expected_bucket_owner: "111111111111" })?.id,
  ).toBe("state,111111111111");
  const table = "arn:aws:dynamodb:eu-west-1:111111111111:table/locks";
  expect(make("aws_dynamodb_table", { name: "locks" })).toMatchObject({
    id: "locks",
    arn: table,
    stream_arn: "",
  });
  expect(make("aws_dynamodb_table", { name: "locks", stream_enabled: true })?.stream_arn).toMatch(
    new RegExp(`^${table}/stream/`),
  );
  expect(make("aws_iam_openid_connect_provider", { url: "https://gitlab.com/a" })?.id).toBe(
    "arn:aws:iam::111111111111:oidc-provider/gitlab.com/a",
  );
  expect(make("aws_iam_policy", { name: "p", path: "/team/" })).toMatchObject({
    id: "arn:aws:iam::111111111111:policy/team/p",
    policy_id: expect.stringMatching(/^ANPA\w{17}$/),
  });
  expect(make("aws_iam_role_policy_attachment", { role: "r", policy_arn: "arn" })?.id).toBe(
    "r/arn",
  );
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

describe("the plan of a table", () => {
  const table: ObjectValue = {
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "LockID",
    range_key: null,
    read_capacity: UNKNOWN,
    write_capacity: UNKNOWN,
    attribute: [{ name: "LockID", type: "S" }],
    global_secondary_index: [],
  };
  const plan = (patch: ObjectValue, prior: ObjectValue | null = null) =>
    configured().plan?.("aws_dynamodb_table", { ...table, ...patch }, prior);

  test.each<[string, ObjectValue]>([
    ["on demand", {}],
    ["with a capacity", { billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 }],
    ["whose key is not known yet", { hash_key: UNKNOWN }],
  ])("%s passes", (_what, patch) => {
    expect(() => plan(patch)).not.toThrow();
  });

  test.each<[string, ObjectValue, string]>([
    [
      "a key that is no attribute",
      { global_secondary_index: [{ hash_key: "Owner", range_key: null }] },
      'Unmatched indexes: ["Owner"]',
    ],
    ["an attribute that is no key", { hash_key: null }, 'Unused attributes: ["LockID"]'],
    [
      "no capacity where it is provisioned",
      { billing_mode: "PROVISIONED", write_capacity: 1 },
      'read_capacity must be at least 1 when billing_mode is "PROVISIONED"',
    ],
    [
      "a capacity on demand",
      { read_capacity: 5 },
      'read_capacity can not be set when billing_mode is "PAY_PER_REQUEST"',
    ],
  ])("is refused for %s", (_what, patch, problem) => {
    expect(() => plan(patch)).toThrow(problem);
  });

  test("does not ask for a capacity once the table is there", () => {
    expect(() => plan({ billing_mode: "PROVISIONED" }, table)).not.toThrow();
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
