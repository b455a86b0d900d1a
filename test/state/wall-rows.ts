import type { Org } from "../../lib";
import { behindNoOtherWall } from "../support/policies/operations";
import type { Row, Scene } from "../support/policies/rows";

const ROLES = ["reader", "writer", "unlocker"] as const;

/** Each wall alone: the key's policy against roles with all permissions, theirs with an open key. */
export function rowsOfWalls({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { name, state } = org;
  const object = `${does.bucket}/${state.key}`;
  return ROLES.flatMap((role) => {
    const [as, widened] = [who.role(role, name), who.widened(role, name)];
    const decryptAlone = does.keyLikeS3("Decrypt", org);
    return [
      may(
        `${name}'s ${role} reads what was written before there was a bucket key`,
        as,
        does.keyThroughS3("Decrypt", org, object),
      ),
      mayNot(`${name}'s ${role}, widened, decrypts without S3`, widened, decryptAlone),
      mayNot(
        `${name}'s ${role}, behind no other wall, decrypts without S3`,
        as,
        behindNoOtherWall(decryptAlone),
      ),
      role === "writer"
        ? may(
            `${name}'s writer writes where there is no bucket key`,
            as,
            does.keyThroughS3("GenerateDataKey", org, object),
          )
        : mayNot(
            `${name}'s ${role}, widened, writes its state`,
            widened,
            does.keyThroughS3("GenerateDataKey", org, does.bucket),
          ),
    ];
  });
}

/** The same of a lock table and its key. */
export function rowsOfTableWalls({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { name } = org;
  const decryptAlone = does.keyLikeTable("Decrypt", org);
  const { grantOfTable } = does;
  return [
    ...ROLES.flatMap((role) => {
      const [as, widened] = [who.role(role, name), who.widened(role, name)];
      return [
        mayNot(`${name}'s ${role}, widened, decrypts without the table`, widened, decryptAlone),
        mayNot(
          `${name}'s ${role}, behind no other wall, decrypts without the table`,
          as,
          behindNoOtherWall(decryptAlone),
        ),
        mayNot(
          `${name}'s ${role} deletes another item of its table`,
          as,
          does.item("DeleteItem", org, "state-bucket/orgs/x/terraform.tfstate"),
        ),
      ];
    }),
    may(`a state admin has DynamoDB keep ${name}'s table`, who.stateAdmin, does.grant(org)),
    mayNot(
      `an administrator has DynamoDB keep ${name}'s table`,
      who.administrator,
      does.grant(org),
    ),
    mayNot(
      `a state admin gives a grant on the key of ${name}'s table without DynamoDB`,
      who.stateAdmin,
      does.grant(org, { ...grantOfTable, "kms:ViaService": "s3.us-east-1.amazonaws.com" }),
    ),
    mayNot(
      `a state admin gives a grant on the key of ${name}'s table to anybody`,
      who.stateAdmin,
      does.grant(org, { ...grantOfTable, "kms:GrantIsForAWSResource": "false" }),
    ),
  ];
}
