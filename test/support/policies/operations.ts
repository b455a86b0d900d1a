import type { Home, Org, StateRole } from "../../../lib";
import { runRecordKeyOf } from "../../../lib/registry/names";
import { accountArn, bucketArn, roleArn, service, tableArn } from "../../../lib/state/arns";
import type { Check, Document } from "./evaluate";

/** A check with the name of the policy that its resource has; none has no policy. */
export interface PolicyCheck extends Check {
  readonly policy?: string | Document;
}

// What KMS writes for a key that is made without a policy: it leaves everything to IAM.
const openKey = (account: string): Document => ({
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
});

/** An operation where bucket and keys are open to the account, so that only the caller's own policies stand. */
export const behindNoOtherWall = (operation: Operation): Operation =>
  operation.map(({ policy, ...check }) => ({
    ...check,
    ...(check.action.startsWith("kms:") && { policy: openKey(check.account) }),
  }));

/** What one call of an AWS API asks of IAM: all of it has to be allowed. */
export type Operation = readonly PolicyCheck[];

/** How an object is written. */
export interface WriteProps {
  /** ARN of the KMS key in the request; undefined: the request names none. */
  readonly key?: string;
  /** @default - the policy of the org whose key it is */
  readonly keyPolicy?: string;
  /** `x-amz-server-side-encryption`. @default - `aws:kms` where there is a key */
  readonly encryption?: string;
  /** Whether the request has `If-None-Match: *`. */
  readonly ifNoneMatch?: boolean;
  readonly http?: boolean;
}

// What DynamoDB may ask of KMS for whoever writes to a table (DynamoDB Developer Guide, "DynamoDB
// encryption at rest: usage notes").
const TABLE_WRITES = ["Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"];

const TLS = { "aws:SecureTransport": "true" };
const HTTP = { "aws:SecureTransport": "false" };

/** The calls that runs, people and attackers make of one home. */
export function operations(home: Home) {
  const account = home.account;
  const bucket = bucketArn(home);
  const s3 = (action: string, path: string, context: Check["context"] = TLS): PolicyCheck => ({
    action: `s3:${action}`,
    resource: path === "" ? bucket : `${bucket}/${path}`,
    account,
    context,
    policy: "bucket",
  });
  const kms = (
    action: string,
    key: string,
    policy: string,
    context: Check["context"] = {},
  ): PolicyCheck => ({
    action: `kms:${action}`,
    resource: key,
    account,
    context,
    policy,
  });
  /** What S3 asks of KMS. With a bucket key, the context is the bucket. */
  const throughS3 = (action: string, key: string, policy: string, context: string) =>
    kms(action, key, policy, {
      "kms:ViaService": service("s3", home),
      "kms:EncryptionContext:aws:s3:arn": context,
    });
  const throughTable = (action: string, key: string, policy: string, table: string) =>
    kms(action, key, policy, {
      "kms:ViaService": service("dynamodb", home),
      "kms:EncryptionContext:aws:dynamodb:tableName": table,
    });
  const keyOf = ({ state }: Org) => state.kmsKeyArn ?? "";
  const homeKey = home.kmsKeyArn ?? "";

  /** An object of the org, under its key. */
  const read = (org: Org, path: string, context = bucket): Operation => [
    s3("GetObject", path),
    throughS3("Decrypt", keyOf(org), `key of ${org.name}`, context),
  ];
  const write = (path: string, props: WriteProps): Operation => {
    const { key, encryption = key && "aws:kms", keyPolicy, ifNoneMatch, http } = props;
    return [
      s3("PutObject", path, {
        ...(http ? HTTP : TLS),
        ...(encryption && { "s3:x-amz-server-side-encryption": encryption }),
        ...(key && { "s3:x-amz-server-side-encryption-aws-kms-key-id": key }),
        ...(ifNoneMatch && { "s3:if-none-match": "*" }),
      }),
      ...(key && keyPolicy ? [throughS3("GenerateDataKey", key, keyPolicy, bucket)] : []),
    ];
  };
  const recordOf = ({ name }: Org) => runRecordKeyOf(name, "20261129t021500z-3f9c1b2e.begun");
  const ownKey = (org: Org) => ({ key: keyOf(org), keyPolicy: `key of ${org.name}` });
  const tableKey = ({ name, state }: Org) =>
    state.ownLockTable
      ? { key: state.kmsKeyArn ?? "", policy: `key of ${name}` }
      : { key: homeKey, policy: "key of the home" };
  const item = (action: string, org: Org, id: string): Operation => {
    const table = org.state.lockTable ?? "";
    const { key, policy } = tableKey(org);
    return [
      {
        action: `dynamodb:${action}`,
        resource: tableArn(home, table),
        account,
        context: { "dynamodb:LeadingKeys": [id] },
      },
      kms("DescribeKey", key, policy, { "kms:ViaService": service("dynamodb", home) }),
      ...(action === "GetItem" ? ["Decrypt"] : TABLE_WRITES).map((use) =>
        throughTable(use, key, policy, table),
      ),
    ];
  };
  const grantOfTable = {
    "kms:ViaService": service("dynamodb", home),
    "kms:GrantIsForAWSResource": "true",
  };

  return {
    bucket,
    list: (prefix?: string): Operation => [
      s3("ListBucket", "", { ...TLS, ...(prefix !== undefined && { "s3:prefix": prefix }) }),
    ],
    listOverHttp: (): Operation => [s3("ListBucket", "", HTTP)],
    deleteOverHttp: (path: string): Operation => [s3("DeleteObject", path, HTTP)],
    configuration: (action: string): Operation => [s3(action, "")],
    object: (action: string, path: string): Operation => [s3(action, path)],
    read,
    write,
    readState: (org: Org) => read(org, org.state.key),
    /** A state from before the bucket had a bucket key. */
    readOldState: (org: Org) => read(org, org.state.key, `${bucket}/${org.state.key}`),
    writeState: (org: Org, props: WriteProps = ownKey(org)) => write(org.state.key, props),
    lock: (org: Org, props: WriteProps = { ...ownKey(org), ifNoneMatch: true }) =>
      write(`${org.state.key}.tflock`, props),
    readLock: (org: Org) => read(org, `${org.state.key}.tflock`),
    unlock: (org: Org): Operation => [s3("DeleteObject", `${org.state.key}.tflock`)],
    writeRecord: (org: Org, props: WriteProps = { ...ownKey(org), ifNoneMatch: true }) =>
      write(recordOf(org), props),
    readRecord: (org: Org) => read(org, recordOf(org)),
    deleteRecord: (org: Org): Operation => [s3("DeleteObject", recordOf(org))],
    readHomeObject: (path: string): Operation => [
      s3("GetObject", path),
      throughS3("Decrypt", homeKey, "key of the home", bucket),
    ],
    writeHomeObject: (path: string) => write(path, { key: homeKey, keyPolicy: "key of the home" }),
    item,
    lockItem: (action: string, org: Org) => item(action, org, org.state.lockId),
    digestItem: (action: string, org: Org) => item(action, org, `${org.state.lockId}-md5`),
    ownKey,
    /** KMS itself, without a service in between. */
    key: (action: string, org: Org): Operation => [kms(action, keyOf(org), `key of ${org.name}`)],
    homeKey: (action: string): Operation => [kms(action, homeKey, "key of the home")],
    keyThroughS3: (action: string, org: Org, context: string): Operation => [
      throughS3(action, keyOf(org), `key of ${org.name}`, context),
    ],
    keyThroughTable: (action: string, org: Org, table: string): Operation => {
      const { key, policy } = tableKey(org);
      return [throughTable(action, key, policy, table)];
    },
    /** What S3 would ask KMS for, without S3: anybody can say what an encryption's context is. */
    keyLikeS3: (action: string, org: Org): Operation => [
      kms(action, keyOf(org), `key of ${org.name}`, {
        "kms:EncryptionContext:aws:s3:arn": bucket,
      }),
    ],
    keyLikeTable: (action: string, org: Org): Operation => {
      const { key, policy } = tableKey(org);
      const table = org.state.lockTable ?? "";
      return [kms(action, key, policy, { "kms:EncryptionContext:aws:dynamodb:tableName": table })];
    },
    homeKeyThroughS3: (action: string): Operation => [
      throughS3(action, homeKey, "key of the home", bucket),
    ],
    grant: (org: Org, context: Check["context"] = grantOfTable): Operation => {
      const { key, policy } = tableKey(org);
      return [kms("CreateGrant", key, policy, context)];
    },
    grantOfTable,
    /** DynamoDB keeps a grant for a table that it encrypts. */
    createTable: (org: Org): Operation => {
      const { key, policy } = tableKey(org);
      const table = org.state.lockTable ?? "";
      return [
        { action: "dynamodb:CreateTable", resource: tableArn(home, table), account },
        kms("DescribeKey", key, policy, { "kms:ViaService": service("dynamodb", home) }),
        throughTable("Encrypt", key, policy, table),
        kms("CreateGrant", key, policy, grantOfTable),
      ];
    },
    deliverLog: (source: string, sourceAccount = account): Operation => [
      {
        action: "s3:PutObject",
        resource: `${bucket}-logs/${home.bucket}/2026-11-21`,
        account,
        context: { ...TLS, "aws:SourceArn": source, "aws:SourceAccount": sourceAccount },
        policy: "bucket of access logs",
      },
    ],
    logsOverHttp: (action: string, path = ""): Operation => [
      {
        action: `s3:${action}`,
        resource: `${bucket}-logs${path}`,
        account,
        context: HTTP,
        policy: "bucket of access logs",
      },
    ],
    assume: (org: Org, role: StateRole, action = "AssumeRole"): Operation => [
      {
        action: `sts:${action}`,
        resource: roleArn(org, role),
        account,
        policy: `trust of ${role} of ${org.name}`,
      },
    ],
    assumeWithToken: (
      org: Org,
      role: StateRole,
      claims: Readonly<Record<string, string>>,
    ): Operation => [
      {
        action: "sts:AssumeRoleWithWebIdentity",
        resource: roleArn(org, role),
        account,
        context: Object.fromEntries(
          Object.entries(claims).map(([claim, value]) => [
            `token.actions.githubusercontent.com:${claim}`,
            value,
          ]),
        ),
        policy: `trust of ${role} of ${org.name}`,
      },
    ],
    account: accountArn(home, account),
  };
}

export type Operations = ReturnType<typeof operations>;
