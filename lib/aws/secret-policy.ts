import type { PolicyStatement } from "./policy-document";

/**
 * Returns the resource policy of a secret. Only its consumers and its keepers may read it, and only its
 * writers may put a value into it by `PutSecretValue`, even if the policies of other roles allow it.
 * Administrators can still change this policy, which CloudTrail records.
 *
 * @param consumers ARNs of the IAM roles that may read the value, of any account
 * @param keepers ARNs of the roles that manage the value, with their own permissions
 * @param writers ARNs of the only roles that may put a value; undefined for any that has the permission
 */
export function secretPolicy(
  consumers: readonly string[],
  keepers: readonly string[],
  writers?: readonly string[],
): PolicyStatement[] {
  const read = "secretsmanager:GetSecretValue";
  const readers = [...consumers, ...keepers];
  const consumersRead: PolicyStatement = {
    Sid: "ConsumersRead",
    Effect: "Allow",
    Principal: { AWS: consumers },
    Action: [read, "secretsmanager:DescribeSecret"],
    Resource: ["*"],
  };
  return [
    ...(consumers.length > 0 ? [consumersRead] : []),
    {
      Sid: "NobodyElseReads",
      Effect: "Deny",
      Principal: "*",
      Action: [read],
      Resource: ["*"],
      ...(readers.length > 0 && {
        Condition: { ArnNotEquals: { "aws:PrincipalArn": readers } },
      }),
    },
    ...(writers === undefined
      ? []
      : [
          {
            Sid: "NobodyElseWrites",
            Effect: "Deny" as const,
            Principal: "*" as const,
            Action: ["secretsmanager:PutSecretValue"],
            Resource: ["*"],
            Condition: { ArnNotEquals: { "aws:PrincipalArn": writers } },
          },
        ]),
  ];
}
