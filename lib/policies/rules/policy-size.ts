import type { PolicyRule } from "../rule";
import { asText, type Block, type SynthesizedStack } from "../synthesized-stack";

interface Limit {
  readonly type: string;
  readonly argument: string;
  /** In bytes for a bucket, in characters for the rest; all policies here are ASCII. */
  readonly most: number;
  readonly what: string;
}

// AWS, quotas of S3, IAM, KMS and Secrets Manager. IAM and the others count no white space.
const LIMITS: readonly Limit[] = [
  { type: "aws_s3_bucket_policy", argument: "policy", most: 20_480, what: "a bucket policy" },
  { type: "aws_iam_policy", argument: "policy", most: 6_144, what: "a managed policy" },
  { type: "aws_iam_role", argument: "assume_role_policy", most: 2_048, what: "a trust policy" },
  { type: "aws_kms_key", argument: "policy", most: 32_768, what: "a key policy" },
  {
    type: "aws_secretsmanager_secret_policy",
    argument: "policy",
    most: 20_480,
    what: "a secret's policy",
  },
];
const INLINE = 10_240;

// A value that Terraform finds at run time counts as a long ARN.
const ARN = "x".repeat(128);

/** Policies that are too long for AWS, found before an apply begins. */
export const policySize: PolicyRule = {
  id: "GO-POLICY-SIZE",
  severity: "error",
  title: "Policies fit AWS's limits",
  reason:
    "AWS refuses a policy that is too long only during the apply, when other resources have already been created.",
  fix: "Name fewer principals and resources, or use tags and patterns.",
  *check(stack) {
    for (const { type, argument, most, what } of LIMITS) {
      for (const at of stack.resources(type)) {
        const size = sizeOf(at.body[argument]);
        if (size > most) yield { at, message: tooLong(what, size, most) };
      }
    }
    for (const [at, size] of inlinePolicies(stack)) {
      if (size > INLINE) yield { at, message: tooLong("a role's inline policies", size, INLINE) };
    }
  },
};

const tooLong = (what: string, size: number, most: number) =>
  `is ${size} characters long; AWS allows ${most} for ${what}`;

function sizeOf(policy: unknown): number {
  const text = asText(policy) ?? "";
  const compact = text.startsWith("{") ? withoutSpace(text) : "";
  return Buffer.byteLength(compact.replace(/(?<!\$)\$\{[^}]*\}/g, ARN).replaceAll("$${", "${"));
}

function withoutSpace(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // An expression outside of a string is not JSON. The text itself is all that can be measured.
    return text;
  }
}

/** The last inline policy of each role, with the size of all. */
function inlinePolicies(stack: SynthesizedStack): Iterable<readonly [Block, number]> {
  const byRole = new Map<unknown, readonly [Block, number]>();
  for (const block of stack.resources("aws_iam_role_policy")) {
    const [, before = 0] = byRole.get(block.body.role) ?? [];
    byRole.set(block.body.role, [block, before + sizeOf(block.body.policy)]);
  }
  return byRole.values();
}
