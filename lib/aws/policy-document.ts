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

/** A statement that allows actions, for the identity policy of a role. */
export const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });

/** A policy as Terraform takes it: one line of JSON. */
export const policyJson = (Statement: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/**
 * The value of a tag of the calling principal. A principal without the tag gets a value that nobody
 * has: a variable that cannot be resolved may void the whole statement, a deny included (IAM: "Policy
 * variables with no value"). Terraform reads `$${` as the `${` that IAM expects.
 */
export const principalTag = (tag: string): string => `$\${aws:PrincipalTag/${tag}, '${UNTAGGED}'}`;

// Neither an org's name nor an ARN, and no pattern.
const UNTAGGED = "no.tag";
