import { ADMINISTER_KEY } from "../aws/key-administration";
import type { PolicyStatement } from "../aws/policy-document";
import type { Home, Org } from "../registry/model";
import { ORG_TAG } from "../registry/names";
import { accountArn, accountsOf, bucketArn, roleArn, service } from "./arns";

const READ = ["kms:Decrypt"];
const WRITE = ["kms:Decrypt", "kms:GenerateDataKey"];
/** What DynamoDB asks of the caller of a table under a customer-managed key. */
export const USE_TABLE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
];

// The account is the principal, and a condition names the role: a key policy that names a role
// itself cannot be written before the role exists, whose tag is this key; and it breaks for good
// when the role is made anew. The role needs permissions of its own as well.

/** The policy of a home's own key: its default encryption, its own state, its shared lock table. */
export function homeKeyPolicy(home: Home, { sharedTable }: { sharedTable: boolean }) {
  const statements = [administration(home), ...stateAdmins(home, sharedTable)];
  if (!sharedTable) return statements;
  return [
    ...statements,
    throughTable(home, home.lockTable, [accountArn(home, home.account)], {
      // Any org's role: what it may do in the table is its own policy's to say.
      Null: { [`aws:PrincipalTag/${ORG_TAG}`]: "false" },
    }),
  ];
}

/**
 * The policy of an org's own key. It is what keeps the readers of other states out, whatever a
 * bucket policy or a role of the account says: only these roles decrypt with it, only through S3,
 * and only what lies in the org's folder or, with a bucket key, in the home's bucket.
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
        // With a bucket key the context is the bucket; objects from before have their own ARN.
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
  const allow = (
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
    allow("StateAdmins", USE_TABLE, [service("s3", home), ...(table ? [dynamodb] : [])]),
    // DynamoDB keeps a grant for the table's background work, given by who creates the table.
    ...(table
      ? [
          allow("StateAdminsCreateTable", ["kms:CreateGrant"], [dynamodb], {
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
