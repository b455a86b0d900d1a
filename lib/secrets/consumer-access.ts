/** A policy document of IAM. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Record<string, unknown>[];
}

/**
 * Resource policy of a credential's secret: its consumers may read it, and nobody but they and
 * the rotator may, whatever their own policies allow. Administrators can still change the policy
 * itself, which leaves a trace.
 *
 * @param consumers ARNs of the IAM roles that may read the value
 * @param rotator ARN of the role that rotates it
 */
export function secretPolicy(consumers: readonly string[], rotator: string): PolicyDocument {
  const read = "secretsmanager:GetSecretValue";
  return {
    Version: "2012-10-17",
    Statement: [
      ...(consumers.length > 0
        ? [
            {
              Sid: "ConsumersRead",
              Effect: "Allow",
              Principal: { AWS: [...consumers] },
              Action: [read, "secretsmanager:DescribeSecret"],
              Resource: "*",
            },
          ]
        : []),
      {
        Sid: "NobodyElseReads",
        Effect: "Deny",
        Principal: "*",
        Action: read,
        Resource: "*",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [...consumers, rotator] } },
      },
    ],
  };
}
