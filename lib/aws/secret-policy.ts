import type { PolicyStatement } from "./policy-document";

/**
 * Resource policy of a secret: its consumers may read it, and nobody but they and its keepers may,
 * whatever their own policies allow. Administrators can still change the policy itself, which
 * leaves a trace.
 *
 * @param consumers ARNs of the IAM roles that may read the value, of any account
 * @param keepers ARNs of the roles that look after it, by permissions of their own
 */
export function secretPolicy(
  consumers: readonly string[],
  keepers: readonly string[],
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
  ];
}
