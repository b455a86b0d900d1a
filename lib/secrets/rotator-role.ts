import type { Org } from "../registry/model";
import { partitionOf } from "../registry/names";

/** ARN of the role that rotates an org's credentials, in the account of its secrets. */
export function rotatorRoleArn(org: Pick<Org, "aws" | "roles">): string {
  return `arn:${partitionOf(org.aws.region)}:iam::${org.aws.account}:role/${org.roles.rotator}`;
}
