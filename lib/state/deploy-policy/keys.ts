import type { Org } from "../../registry/model";
import { ORG_TAG } from "../../registry/names";
import { arnOf, SECRETS_KEY_TAG, secretsKeyAliasOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

/** Needs for the key of the secrets. */
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
      // A new key has no ARN and no tag yet. This statement must not allow to tag an existing key, which
      // would then belong to the org. It therefore excludes keys with an alias and keys of an org.
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
      // By tag, since a key has no name. The key of the org's state must not match: the roles that
      // apply may not change it.
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
