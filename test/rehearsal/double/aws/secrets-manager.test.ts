import { computed } from "./configured";

test("a secret has an ARN with a suffix as its id", () => {
  expect(computed("aws_secretsmanager_secret", { name: "/genesys/x" })).toMatchObject({
    id: expect.stringMatching(
      /^arn:aws:secretsmanager:eu-west-1:111111111111:secret:\/genesys\/x-\w{6}$/,
    ),
    region: "eu-west-1",
  });
});

test("a secret's policy has the secret's ARN as its id", () => {
  expect(computed("aws_secretsmanager_secret_policy", { secret_arn: "arn" })).toMatchObject({
    id: "arn",
  });
});

test("a secret's version says whether its value was write-only", () => {
  const type = "aws_secretsmanager_secret_version";
  const planned = { secret_id: "arn" };
  expect(computed(type, planned, { config: { secret_string_wo: "x" } })).toMatchObject({
    has_secret_string_wo: true,
    secret_string: "",
  });
  expect(computed(type, planned)).toMatchObject({ has_secret_string_wo: false });
});
