import type { PolicyStatement } from "./policy-document";

/** The roles that may do something with a secret's value, each by its ARN. */
export interface SecretRoles {
  /** Roles that may read the value, of any account. */
  readonly consumers?: readonly string[];
  /** Roles that may read the value in an emergency, of any account. */
  readonly breakGlass?: readonly string[];
  /** Roles that manage the value, with their own permissions. */
  readonly keepers: readonly string[];
  /**
   * The only roles that may put a value by `PutSecretValue`.
   * @default - every role with the permission
   */
  readonly writers?: readonly string[];
}

const READ = "secretsmanager:GetSecretValue";

/** The actions of a consumer. A batch of secrets needs the first one for each of them as well. */
export const READ_SECRET = [READ, "secretsmanager:DescribeSecret"];

/**
 * Returns the resource policy of a secret. Only these roles may read its value, and only the writers may
 * put one, even if the policies of other roles allow it: a deny of the resource is above every allow, of
 * sessions, users and the root user as well. Administrators can still change this policy, which
 * CloudTrail records.
 */
export function secretPolicy(roles: SecretRoles): PolicyStatement[] {
  const { consumers = [], breakGlass = [], keepers, writers } = roles;
  return [
    ...allowRead("ConsumersRead", consumers),
    ...allowRead("BreakGlassReads", breakGlass),
    ...denyOthers("NobodyElseReads", READ, [...consumers, ...breakGlass, ...keepers]),
    ...(writers ? denyOthers("NobodyElseWrites", "secretsmanager:PutSecretValue", writers) : []),
  ];
}

const allowRead = (Sid: string, roles: readonly string[]): PolicyStatement[] =>
  roles.length === 0
    ? []
    : [{ Sid, Effect: "Allow", Principal: { AWS: roles }, Action: READ_SECRET, Resource: ["*"] }];

const denyOthers = (Sid: string, action: string, roles: readonly string[]): PolicyStatement[] => [
  {
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action: [action],
    Resource: ["*"],
    ...(roles.length > 0 && { Condition: { ArnNotEquals: { "aws:PrincipalArn": roles } } }),
  },
];
