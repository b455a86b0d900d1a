import type { Org } from "../../registry/model";
import { ORG_TAG } from "../../registry/names";
import { arnOf, SECRETS_KEY_TAG, secretsKeyAliasOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

/** The key of the secrets, by its tag: a key has no name. */
export function keyNeeds(org: Org): Need[] {
  const key = { StringEquals: { [`aws:ResourceTag/${SECRETS_KEY_TAG}`]: org.name } };
  const tagging = { StringEquals: { [`aws:RequestTag/${SECRETS_KEY_TAG}`]: org.name } };
  return [
    {
      sid: "NewKey",
      resources: ["*"],
      read: [],
      write: ["kms:CreateKey"],
      condition: tagging,
    },
    {
      // A key that is being made has no ARN and no tag yet. One that is there may not be tagged by
      // this, or it would be the org's: not with an alias, and not one of an org.
      sid: "NewKeyTags",
      resources: ["*"],
      read: [],
      write: ["kms:TagResource"],
      condition: {
        ...tagging,
        Null: { [`aws:ResourceTag/${ORG_TAG}`]: "true", "kms:ResourceAliases": "true" },
      },
    },
    {
      // By its tag: a key has no name, and another key of the org, the one of its state, is not
      // for the roles that apply to change.
      sid: "SecretsKey",
      resources: [arnOf(org, "kms", "key/*")],
      read: [
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
      ],
      write: [
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:DisableKeyRotation",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
      condition: key,
    },
    {
      sid: "SecretsKeyAlias",
      resources: [arnOf(org, "kms", secretsKeyAliasOf(org))],
      read: [],
      write: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
    },
  ];
}
