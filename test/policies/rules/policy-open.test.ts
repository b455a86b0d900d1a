import { policyOpen } from "../../../lib/policies/rules/policy-open";
import { block, messagesOf, orgStack } from "../../support/synthesized-stack";

const allow = (patch: object) => ({
  Sid: "Read",
  Effect: "Allow",
  Action: ["secretsmanager:GetSecretValue"],
  Resource: "*",
  ...patch,
});
const policyOf = (...statements: object[]) => JSON.stringify({ Statement: statements });
const messages = (type: string, body: Record<string, unknown>) =>
  messagesOf(policyOpen, orgStack(block("resource", type, body)));
const ofSecret = (...statements: object[]) =>
  messages("aws_secretsmanager_secret_policy", { policy: policyOf(...statements) });

const OPEN = "statement Read of policy allows everybody";

describe("GO-POLICY-OPEN", () => {
  test.each([
    { Principal: "*" },
    { Principal: { AWS: "*" } },
    { Principal: { AWS: ["arn:aws:iam::111122223333:root", "*"] } },
    { NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } },
    { Principal: "*", Condition: { StringEquals: { "kms:ViaService": "s3.amazonaws.com" } } },
    { Principal: "*", Condition: { StringLike: { "aws:PrincipalArn": "*" } } },
    { Principal: "*", Condition: { StringNotEquals: { "aws:PrincipalAccount": "1" } } },
    { Principal: "*", Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } },
    { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
  ])("refuses %j", (patch) => {
    expect(ofSecret(allow(patch))).toEqual([OPEN]);
  });

  test.each([
    { Principal: { AWS: "arn:aws:iam::111122223333:root" } },
    { Principal: { Service: "lambda.amazonaws.com" } },
    { Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": ["111122223333"] } } },
    { Principal: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::1:role/x*" } } },
    { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
    { Principal: "*", Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::x" } } },
    { Principal: "*", Effect: "Deny" },
  ])("accepts %j", (patch) => {
    expect(ofSecret(allow(patch))).toEqual([]);
  });

  test.each([
    ["aws_kms_key", "policy"],
    ["aws_s3_bucket_policy", "policy"],
    ["aws_sqs_queue", "policy"],
    ["aws_iam_role", "assume_role_policy"],
  ])("reads %s", (type, argument) => {
    const policy = policyOf(allow({ Principal: "*", Sid: undefined }));
    expect(messages(type, { [argument]: policy })).toEqual([
      `statement number 1 of ${argument} allows everybody`,
    ]);
  });

  test("refuses a role that may do everything, and accepts one that may do much", () => {
    const policy = (Action: unknown, Resource: unknown) => ({
      policy: policyOf(allow({ Action, Resource })),
    });
    const role = "aws_iam_role_policy";
    expect(messages(role, policy("*", "*"))).toEqual([
      "statement Read of policy allows every action",
    ]);
    expect(messages(role, policy(["s3:*"], "*"))).toEqual([]);
    expect(messages(role, policy("*", "arn:aws:s3:::x"))).toEqual([]);
  });

  test("refuses a function that everybody may call", () => {
    const body = { principal: "*", action: "lambda:InvokeFunction" };
    expect(messages("aws_lambda_permission", body)).toHaveLength(1);
    expect(messages("aws_lambda_permission", { ...body, source_account: "1" })).toEqual([]);
  });

  test("leaves what only Terraform knows to Terraform", () => {
    expect(messages("aws_kms_key", { policy: "${jsonencode({})}" })).toEqual([]);
    expect(messages("aws_kms_key", {})).toEqual([]);
  });
});
