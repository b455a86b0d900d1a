import { ADMINISTER_KEY } from "../aws/key-administration";
import type { PolicyStatement } from "../aws/policy-document";
import type { Home, Org } from "../registry/model";
import { ORG_TAG } from "../registry/names";
import { accountArn, accountsOf, bucketArn, roleArn, service } from "./arns";

const READ = ["kms:Decrypt"];
const WRITE = ["kms:Decrypt", "kms:GenerateDataKey"];
/** The permissions that DynamoDB requires of callers of a table with a customer-managed key. */
export const USE_TABLE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
];

// The account is the principal, and a condition names the role. A role as the principal must exist
// before the policy, but the role's tag has the key's ARN. The policy would also break for good when
// the role is created again. In addition, the role needs its own permissions.

/** Returns the policy of a home's own key: default encryption, its own state, the shared lock table. */
export function homeKeyPolicy(home: Home, { sharedTable }: { sharedTable: boolean }) {
  const statements = [administration(home), ...stateAdmins(home, sharedTable)];
  if (!sharedTable) return statements;
  return [
    ...statements,
    throughTable(home, home.lockTable, [accountArn(home, home.account)], {
      // The role of any org. Its own policy limits its access to the table.
      Null: { [`aws:PrincipalTag/${ORG_TAG}`]: "false" },
    }),
  ];
}

/**
 * Returns the policy of an org's own key. It keeps the readers of other states out, even if a bucket
 * policy or a role of the account allows more. Only the org's roles decrypt with the key, only through
 * S3, and only objects in the org's folder or, with a bucket key, in the home's bucket.
 */
export function orgKeyPolicy(org: Org): PolicyStatement[] {
  const { home, folder, lockTable, ownLockTable, access } = org.state;
  const ownTable = ownLockTable && lockTable !== undefined;
  const statements = [administration(home), ...stateAdmins(home, ownTable)];
  if (org.retired) return statements;
  const { reader, writer } = access.crossAccountRoles;
  const throughS3 = (Sid: string, Action: string[], roles: readonly string[]): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: accountsOf(home, roles) },
    Action,
    Resource: ["*"],
    Condition: {
      ArnEquals: { "aws:PrincipalArn": roles },
      StringEquals: { "kms:ViaService": service("s3", home) },
      StringLike: {
        // With a bucket key, the context is the bucket; for earlier objects, it is the object's ARN.
        "kms:EncryptionContext:aws:s3:arn": [bucketArn(home), `${bucketArn(home)}/${folder}/*`],
      },
    },
  });
  const own = (["reader", "writer", "unlocker"] as const).map((role) => roleArn(org, role));
  return [
    ...statements,
    throughS3("Read", READ, [roleArn(org, "reader"), roleArn(org, "unlocker"), ...reader]),
    throughS3("Write", WRITE, [roleArn(org, "writer"), ...writer]),
    ...(ownTable
      ? [
          throughTable(home, lockTable, [accountArn(home, home.account)], {
            ArnEquals: { "aws:PrincipalArn": own },
          }),
        ]
      : []),
  ];
}

const administration = (home: Home): PolicyStatement => ({
  Sid: "Administer",
  Effect: "Allow",
  Principal: { AWS: [accountArn(home, home.account)] },
  Action: ADMINISTER_KEY,
  Resource: ["*"],
});

function stateAdmins(home: Home, table: boolean): PolicyStatement[] {
  const allowAdmins = (
    Sid: string,
    Action: string[],
    via: string[],
    condition: PolicyStatement["Condition"] = {},
  ): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: [accountArn(home, home.account)] },
    Action,
    Resource: ["*"],
    Condition: {
      ArnEquals: { "aws:PrincipalArn": home.stateAdmins },
      StringEquals: { "kms:ViaService": via },
      ...condition,
    },
  });
  const dynamodb = service("dynamodb", home);
  return [
    allowAdmins("StateAdmins", USE_TABLE, [service("s3", home), ...(table ? [dynamodb] : [])]),
    // DynamoDB needs a grant for the table's background work. The creator of the table gives it.
    ...(table
      ? [
          allowAdmins("StateAdminsCreateTable", ["kms:CreateGrant"], [dynamodb], {
            Bool: { "kms:GrantIsForAWSResource": "true" },
          }),
        ]
      : []),
  ];
}

const throughTable = (
  home: Home,
  table: string,
  accounts: string[],
  who: NonNullable<PolicyStatement["Condition"]>,
): PolicyStatement => ({
  Sid: "LockTable",
  Effect: "Allow",
  Principal: { AWS: accounts },
  Action: USE_TABLE,
  Resource: ["*"],
  Condition: {
    ...who,
    StringEquals: { "kms:ViaService": service("dynamodb", home) },
    // DescribeKey has no context.
    StringEqualsIfExists: { "kms:EncryptionContext:aws:dynamodb:tableName": table },
  },
});
