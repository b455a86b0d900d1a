import { type PolicyStatement, principalTag } from "../aws/policy-document";
import type { Home, Org } from "../registry/model";
import { ORG_TAG, runRecordKeyOf, STATE_KEY_TAG } from "../registry/names";
import { accountsOf, bucketArn, keysArn, roleArnsOf } from "./arns";

// The only actions on the bucket that a principal other than a state admin may ever have.
const STATE_USE = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
];
// Actions that the account's security scanners need.
const READ_CONFIGURATION = ["s3:GetBucket*", "s3:Get*Configuration"];

/**
 * Returns the policy of a home's bucket. It checks the tags of the calling role, so its size does not
 * depend on the number of orgs. With a statement for each org, about 24 orgs would fill S3's 20 KB.
 * Only an org that roles of other accounts use has its own statements.
 *
 * State admins are exempt from the denies that separate orgs; otherwise nobody could create and change
 * the home. Plain HTTP and unencrypted writes are denied to them as well, since that locks nobody out.
 */
export function bucketPolicy(home: Home, orgs: readonly Org[]): PolicyStatement[] {
  const bucket = bucketArn(home);
  const everything = [bucket, `${bucket}/*`];
  const ownFolder = `${bucket}/orgs/${principalTag(ORG_TAG)}/*`;
  const unlessAdmin = { ArnNotEquals: { "aws:PrincipalArn": home.stateAdmins } };
  return [
    denyPlainHttp(bucket),
    deny({
      Sid: "DenyUnencryptedWrites",
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*`],
      // Also true of a write without the header.
      Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    }),
    deny({
      Sid: "DenyOtherFolders",
      Action: ["s3:*"],
      NotResource: [bucket, ownFolder],
      Condition: unlessAdmin,
    }),
    deny({
      // A session can have other tags than its role, if its trust policy allows sts:TagSession. A name
      // cannot be given. Roles of other accounts are named below, each for its own folder.
      Sid: "DenyOtherRoles",
      Action: ["s3:*"],
      Resource: [`${bucket}/orgs/*`],
      Condition: {
        ...(home.trustedAccounts.length > 0 && {
          StringEquals: { "aws:PrincipalAccount": home.account },
        }),
        ArnNotLike: { "aws:PrincipalArn": roleArnsOf(home, principalTag(ORG_TAG)) },
        ...unlessAdmin,
      },
    }),
    deny({
      Sid: "DenyOtherKeys",
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*`],
      Condition: {
        StringNotEquals: {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": principalTag(STATE_KEY_TAG),
        },
        ...unlessAdmin,
      },
    }),
    deny({
      // Other accounts choose the tags of their roles, and so the key above. A key of this account has
      // a policy that names its users.
      Sid: "DenyForeignKeys",
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*`],
      Condition: {
        StringNotLike: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keysArn(home) },
        ...unlessAdmin,
      },
    }),
    deny({
      Sid: "DenyOverwrites",
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*.tflock`, `${bucket}/${runRecordKeyOf("*", "*")}`],
      // Terraform writes a lock with `If-None-Match: *`, which fails if a lock exists. So does a run
      // its record. An upload in parts begins without that header, so it is denied as well.
      Condition: { Null: { "s3:if-none-match": "true" }, ...unlessAdmin },
    }),
    deny({
      Sid: "DenyStateDeletion",
      Action: ["s3:DeleteObject"],
      NotResource: [`${bucket}/orgs/*.tflock`],
      Condition: unlessAdmin,
    }),
    deny({
      Sid: "DenyAllButStateUse",
      NotAction: [...STATE_USE, ...READ_CONFIGURATION],
      Resource: everything,
      Condition: unlessAdmin,
    }),
    ...crossAccount(home, orgs),
  ];
}

/** Returns the statement that denies every request without HTTPS, for any bucket. */
export const denyPlainHttp = (bucket: string): PolicyStatement =>
  deny({
    Sid: "DenyPlainHttp",
    Action: ["s3:*"],
    Resource: [bucket, `${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });

const deny = (statement: Omit<PolicyStatement, "Effect" | "Principal">): PolicyStatement => ({
  ...statement,
  Effect: "Deny",
  Principal: "*",
});

/**
 * Returns the allows for roles of other accounts, which need one here in addition to their own. They
 * go by name and not by tag, since an account sets the tags of its own roles. The denies still apply.
 */
function crossAccount(home: Home, orgs: readonly Org[]): PolicyStatement[] {
  const bucket = bucketArn(home);
  const here = orgs.filter(({ state, retired }) => state.home === home && !retired);
  const allowRoles = (Sid: string, roles: readonly string[], Action: string[], resource: string) =>
    roles.length === 0
      ? []
      : [
          {
            Sid,
            Effect: "Allow" as const,
            Principal: { AWS: accountsOf(home, roles) },
            Action,
            Resource: [resource],
            Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
          },
        ];
  const rolesOf = ({ state }: Org) => state.access.crossAccountRoles;
  const all = here.flatMap((org) => [...rolesOf(org).reader, ...rolesOf(org).writer]);
  return [
    ...allowRoles("CrossAccountList", [...new Set(all)], ["s3:ListBucket"], bucket),
    ...here.flatMap((org, index) => {
      const { reader, writer } = rolesOf(org);
      const folder = `${bucket}/${org.state.folder}/*`;
      return [
        ...allowRoles(`CrossAccountRead${index}`, [...reader, ...writer], ["s3:GetObject"], folder),
        ...allowRoles(
          `CrossAccountWrite${index}`,
          writer,
          ["s3:AbortMultipartUpload", "s3:PutObject", "s3:DeleteObject"],
          folder,
        ),
      ];
    }),
  ];
}
