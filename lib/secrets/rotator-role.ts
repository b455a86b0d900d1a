import type { Org } from "../registry/model";

/** ARN of the role that rotates an org's credentials, in the account of its secrets. */
export function rotatorRoleArn(org: Pick<Org, "aws" | "roles">): string {
  return `arn:${partitionOf(org.aws.region)}:iam::${org.aws.account}:role/${org.roles.rotator}`;
}

/** The AWS partition of a region. */
function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
}
