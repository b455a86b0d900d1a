import { allow, type PolicyStatement } from "../aws/policy-document";
import type { Home, Org, StateRole } from "../registry/model";
import { componentStateKeyOf, githubEnvironmentOf, runRecordKeyOf } from "../registry/names";
import { accountsOf, bucketArn, oidcProviderArn, service, tableArn } from "./arns";
import { AWS_AUDIENCE, GITHUB_OIDC_HOST } from "./github-oidc";
import { USE_TABLE } from "./key-policy";

/**
 * Returns the permissions of a role: only the calls that Terraform 1.11 was observed to make, on the
 * states of the org, and the records of runs. No role may delete a state or a record, overwrite a
 * record, or delete a version of any object.
 *
 * @param keyArn the org's own key
 * @param tableKeyArn key of the lock table; undefined where there is no table
 */
export function rolePolicy(
  org: Org,
  role: StateRole,
  keyArn: string,
  tableKeyArn: string | undefined,
): PolicyStatement[] {
  const { home, lock } = org.state;
  const bucket = bucketArn(home);
  const state = stateKeysOf(org).map((key) => `${bucket}/${key}`);
  const lockFile = state.map((object) => `${object}.tflock`);
  const records = [`${bucket}/${runRecordKeyOf(org.name, "*")}`];
  const s3 = (Sid: string, Action: string[], objects: string[]) => allow(Sid, Action, objects);
  const usesLockFile = lock !== "dynamodb";
  const list = allow("List", ["s3:ListBucket"], [bucket], {
    // Terraform lists workspaces. A HEAD request for a state that does not exist yet has no prefix;
    // S3 answers 403 instead of 404 to a caller without the permission to list.
    StringLikeIfExists: { "s3:prefix": ["env:/*", `${org.state.folder}/*`] },
  });
  const statements: Record<StateRole, (PolicyStatement | false)[]> = {
    reader: [
      list,
      s3("State", ["s3:GetObject"], state),
      encryption(home, ["kms:Decrypt"], keyArn),
      // For doctor, which compares the bucket with its stack.
      s3("Posture", POSTURE, [bucket]),
    ],
    writer: [
      list,
      // Terraform uploads a state of more than 5 MiB in parts, and removes them if one fails.
      s3("State", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], state),
      usesLockFile && s3("LockFile", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], lockFile),
      s3("ReadRecords", ["s3:GetObject"], records),
      // Also no upload in parts, whose first request has no such header.
      allow("WriteRecords", ["s3:PutObject"], records, { Null: { "s3:if-none-match": "false" } }),
      encryption(home, ["kms:Decrypt", "kms:GenerateDataKey"], keyArn),
    ],
    unlocker: [
      list,
      usesLockFile && s3("LockFile", ["s3:GetObject", "s3:DeleteObject"], lockFile),
      // They show whose lock it is.
      s3("ReadRecords", ["s3:GetObject"], records),
      encryption(home, ["kms:Decrypt"], keyArn),
    ],
  };
  return [
    ...statements[role].filter((statement) => statement !== false),
    ...(tableKeyArn === undefined ? [] : lockTable(org, role, tableKeyArn)),
  ];
}

const POSTURE = [
  "s3:GetBucketPolicy",
  "s3:GetBucketVersioning",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
];

/** The keys of an org's states: that of its first stack, and a pattern for those of its components. */
const stateKeysOf = ({ name, state }: Org): string[] => [state.key, componentStateKeyOf(name, "*")];

function lockTable(org: Org, role: StateRole, tableKeyArn: string): PolicyStatement[] {
  const { home, lockTable: table } = org.state;
  if (table === undefined) return [];
  const lock = stateKeysOf(org).map((key) => `${home.bucket}/${key}`);
  // In addition to the lock, the table keeps the state's digest.
  const digest = lock.map((id) => `${id}-md5`);
  const use: Record<StateRole, [actions: string[], items: string[], keyActions: string[]]> = {
    reader: [["dynamodb:GetItem"], digest, ["kms:Decrypt", "kms:DescribeKey"]],
    writer: [
      ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
      [...lock, ...digest],
      USE_TABLE,
    ],
    unlocker: [["dynamodb:GetItem", "dynamodb:DeleteItem"], lock, USE_TABLE],
  };
  const [actions, items, keyActions] = use[role];
  return [
    allow("LockTable", actions, [tableArn(home, table)], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": items },
    }),
    allow("LockTableKey", keyActions, [tableKeyArn], {
      StringEquals: { "kms:ViaService": service("dynamodb", home) },
    }),
  ];
}

const encryption = (home: Home, actions: string[], keyArn: string) =>
  allow("Key", actions, [keyArn], { StringEquals: { "kms:ViaService": service("s3", home) } });

/**
 * Returns the trust policy of a role. Nobody may tag the session: session tags would replace the
 * role's tags, which the bucket policy checks.
 */
export function trustPolicy(org: Org, role: StateRole): PolicyStatement[] {
  const { home, access } = org.state;
  const principals = access.assumedBy[role];
  return [
    ...(home.github ? [github(org, role, home, home.github)] : []),
    ...(principals.length > 0 ? [assumedBy(home, principals)] : []),
  ];
}

function github(
  org: Org,
  role: StateRole,
  home: Home,
  { repository, repositoryId, ownerId }: NonNullable<Home["github"]>,
): PolicyStatement {
  const environment = githubEnvironmentOf(org.name, role);
  const [owner, name] = repository.split("/");
  const claim = (of: string) => `${GITHUB_OIDC_HOST}:${of}`;
  return {
    Sid: "GitHubActions",
    Effect: "Allow",
    Principal: { Federated: oidcProviderArn(home) },
    Action: ["sts:AssumeRoleWithWebIdentity"],
    Condition: {
      StringEquals: {
        [claim("aud")]: AWS_AUDIENCE,
        // A repository uses the second form if it was created or renamed after 2026-07-15, or if its
        // owner switched to that form.
        [claim("sub")]: [
          `repo:${repository}:environment:${environment}`,
          `repo:${owner}@${ownerId}/${name}@${repositoryId}:environment:${environment}`,
        ],
        [claim("repository_id")]: repositoryId,
        [claim("environment")]: environment,
      },
    },
  };
}

function assumedBy(home: Home, principals: readonly string[]): PolicyStatement {
  return {
    Sid: "Principals",
    Effect: "Allow",
    Principal: { AWS: accountsOf(home, principals) },
    Action: ["sts:AssumeRole"],
    Condition: { ArnEquals: { "aws:PrincipalArn": principals } },
  };
}
