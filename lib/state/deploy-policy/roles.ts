import { allow, type PolicyStatement } from "../../aws/policy-document";
import { UserError } from "../../errors";
import type { Org } from "../../registry/model";
import { rotationRoleArnOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

const rolesOf = (org: Org): string[] =>
  (["rotator", "reconciler", "scheduler"] as const).map((role) => rotationRoleArnOf(org, role));

/** Needs for the roles, except to create them and to give them permissions. */
export const roleNeeds = (org: Org): Need[] => [
  {
    sid: "Roles",
    resources: rolesOf(org),
    read: [
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
    ],
    write: [
      "iam:DeleteRole",
      "iam:ListInstanceProfilesForRole",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
      "iam:UpdateRoleDescription",
    ],
  },
];

/**
 * Returns the statements that allow creating roles, within the org's boundary only, and passing
 * them to Lambda and the scheduler.
 *
 * @throws UserError when the org has no boundary: a role that may create roles without one may do
 *   anything
 */
export function boundedRoleStatements(org: Org): PolicyStatement[] {
  const boundary = org.aws.permissionsBoundary;
  if (boundary === undefined) {
    throw new UserError(
      `${org.name}: aws.permissionsBoundary is missing. Create an IAM policy with the content of boundaryPolicy(org) in account ${org.aws.account}, and set its ARN here. Without a boundary, the deploy role could create roles with any permission in the account`,
    );
  }
  return [
    allow(
      "RolesInBoundary",
      [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      rolesOf(org),
      { StringEquals: { "iam:PermissionsBoundary": boundary } },
    ),
    allow("PassRoles", ["iam:PassRole"], rolesOf(org), {
      StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"] },
    }),
  ];
}
