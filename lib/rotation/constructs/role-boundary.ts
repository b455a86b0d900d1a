import type { IamRoleConfig } from "@cdktf/provider-aws/lib/iam-role";
import type { Org } from "../../registry/model";
import { POLICY_ARN_PATTERN } from "../../registry/patterns";
import { preconditionsOn } from "../../stack/tokens";

/** The arguments that bound an IAM role. */
export type RoleBoundary = Pick<IamRoleConfig, "permissionsBoundary" | "lifecycle">;

/**
 * Bounds a role of an org's stack. A token that turns out to be null would leave the role unbounded,
 * so Terraform checks it first.
 *
 * @param arn ARN of an IAM policy, which may be a token; undefined for no boundary
 */
export function roleBoundary(org: Org, arn: string | undefined): RoleBoundary {
  if (arn === undefined) return {};
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
