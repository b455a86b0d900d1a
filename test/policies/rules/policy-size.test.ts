import { policySize } from "../../../lib/policies/rules/policy-size";
import { block, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

/** A policy of this many characters. */
function policy(length: number): string {
  const empty = JSON.stringify({ Statement: [{ Sid: "" }] });
  return empty.replace('""', `"${"x".repeat(length - empty.length)}"`);
}

const resource = (type: string, body: Record<string, unknown>, name?: string) =>
  block("resource", type, body, name);

describe("GO-POLICY-SIZE", () => {
  test.each([
    ["aws_s3_bucket_policy", "policy", 20_480, "a bucket policy"],
    ["aws_iam_policy", "policy", 6_144, "a managed policy"],
    ["aws_iam_role", "assume_role_policy", 2_048, "a trust policy"],
    ["aws_iam_role_policy", "policy", 10_240, "a role's inline policies"],
    ["aws_kms_key", "policy", 32_768, "a key policy"],
    ["aws_secretsmanager_secret_policy", "policy", 20_480, "a secret's policy"],
  ])("%s.%s may have %d characters, and not one more", (type, argument, most, what) => {
    const of = (length: number) => orgStack(resource(type, { [argument]: policy(length) }));
    expect(findingsOf(policySize, of(most))).toEqual([]);
    expect(messagesOf(policySize, of(most + 1))).toEqual([
      `is ${most + 1} characters long; AWS allows ${most} for ${what}`,
    ]);
  });

  test("all inline policies of a role count together, and those of another do not", () => {
    const inline = (name: string, role: string) =>
      resource("aws_iam_role_policy", { role, policy: policy(6_000) }, name);
    expect(messagesOf(policySize, orgStack(inline("a", "one"), inline("b", "two")))).toEqual([]);
    expect(messagesOf(policySize, orgStack(inline("a", "one"), inline("b", "one")))).toEqual([
      "is 12000 characters long; AWS allows 10240 for a role's inline policies",
    ]);
  });

  test("white space does not count, and an escape is not counted twice", () => {
    const text = JSON.stringify(JSON.parse(policy(2_048)), null, 8);
    const of = (assume_role_policy: string) =>
      findingsOf(policySize, orgStack(resource("aws_iam_role", { assume_role_policy })));
    expect(of(text)).toEqual([]);
    expect(of(policy(2_049).replace("xxx", "$${"))).toEqual([]);
  });

  test("a value that Terraform finds at run time counts as a long ARN", () => {
    const arns = Array.from({ length: 17 }, (_, index) => `\${aws_iam_role.r${index}.arn}`);
    const assume_role_policy = JSON.stringify({ Statement: [{ Principal: { AWS: arns } }] });
    expect(assume_role_policy.length).toBeLessThan(2_048);
    expect(
      messagesOf(policySize, orgStack(resource("aws_iam_role", { assume_role_policy }))),
    ).toHaveLength(1);
  });

  test("a policy that is only an expression cannot be measured", () => {
    const body = { policy: "${data.aws_iam_policy_document.long.json}" };
    expect(messagesOf(policySize, orgStack(resource("aws_iam_policy", body)))).toEqual([]);
  });
});
