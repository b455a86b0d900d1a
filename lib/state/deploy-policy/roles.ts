import { allow, type PolicyStatement } from "../../aws/policy-document";
import { UserError } from "../../errors";
import type { Org } from "../../registry/model";
import { rotationRoleArnOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

const rolesOf = (org: Org): string[] =>
  (["rotator", "reconciler", "scheduler"] as const).map((role) => rotationRoleArnOf(org, role));

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
 * Creates roles within the org's boundary alone, and hands them to Lambda and the scheduler.
 *
 * @throws UserError when the org has no boundary: who may make roles without one may do anything
 */
export function boundedRoleStatements(org: Org): PolicyStatement[] {
  const boundary = org.aws.permissionsBoundary;
  if (boundary === undefined) {
    throw new UserError(
      `${org.name}: aws.permissionsBoundary is missing: whoever makes roles without a boundary may do anything in account ${org.aws.account}. Make an IAM policy of boundaryPolicy(org) there, and name it`,
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
