import type { IamRoleConfig } from "@cdktf/provider-aws/lib/iam-role";
import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../../errors";
import type { Org } from "../../registry/model";
import { POLICY_ARN_PATTERN } from "../../registry/patterns";
import { isToken, preconditionsOn } from "../../stack/tokens";

/** The arguments that bound an IAM role. */
export type RoleBoundary = Pick<IamRoleConfig, "permissionsBoundary" | "lifecycle">;

/**
 * Bounds a role of an org's stack. A token that turns out to be null would leave the role unbounded,
 * so Terraform checks it first.
 *
 * @param arn ARN of an IAM policy, which may be a token; undefined for no boundary
 * @throws UserError when a literal is not the ARN of an IAM policy
 */
export function roleBoundary(scope: Construct, org: Org, arn: string | undefined): RoleBoundary {
  if (arn === undefined) return {};
  if (!isToken(arn) && !new RegExp(POLICY_ARN_PATTERN).test(arn)) {
    throw new UserError(
      `${org.name}: permissionsBoundary is "${arn}": give the full ARN of an IAM policy`,
    );
  }
  const given = org.aws.permissionsBoundary;
  if (given !== undefined && !isToken(arn) && arn !== given) {
    Annotations.of(scope).addWarning(
      `${org.name}: permissionsBoundary is ${arn}, but the registry's aws.permissionsBoundary is ${given}. The org's deploy role may create roles only with the registry's: set it there, or let the deploy role use this one`,
    );
  }
  const precondition = preconditionsOn(
    [arn],
    POLICY_ARN_PATTERN,
    () => `${org.name}: permissionsBoundary must be the full ARN of an IAM policy.`,
  );
  return {
    permissionsBoundary: arn,
    ...(precondition.length > 0 && { lifecycle: { precondition } }),
  };
}
