/** One statement of an AWS policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Condition>>>>;
}

type Condition = string | readonly string[];

/** Returns a statement that allows actions, for the identity policy of a role. */
export const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });

/** Returns a policy as one line of JSON, the form that Terraform expects. */
export const policyJson = (Statement: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/**
 * Returns a policy variable with a tag of the calling principal. For a principal without the tag, it has
 * a value that nobody has: a variable without a value may void the whole statement, even a deny (IAM:
 * "Policy variables with no value"). Terraform reads `$${` as the `${` that IAM expects.
 */
export const principalTag = (tag: string): string => `$\${aws:PrincipalTag/${tag}, '${UNTAGGED}'}`;

// Not a valid org name, not an ARN, and not a pattern.
const UNTAGGED = "no.tag";
