import type { Org } from "../../registry/model";
import { arnOf, secretsKeyAliasOf } from "../../rotation/rotation-names";
import { ADMINISTER_SECRETS_KEY, READ_SECRETS_KEY } from "../../rotation/secrets-key-policy";
import type { Need } from "./need";

/**
 * Needs for the key of the secrets. None of them may tag a key: a tag on another team's key would say
 * that it belongs to the org. A key is the org's by its policy, which only its creator writes, or by
 * its alias, which nobody can give to a key that they may not change (docs/decisions/0010).
 */
export function keyNeeds(org: Org): Need[] {
  const alias = secretsKeyAliasOf(org);
  return [
    {
      sid: "NewKey",
      resources: ["*"],
      read: [],
      write: ["kms:CreateKey"],
      condition: { Null: { "aws:TagKeys": "true" } },
    },
    {
      sid: "SecretsKey",
      resources: [arnOf(org, "kms", "key/*")],
      read: READ_SECRETS_KEY,
      write: ADMINISTER_SECRETS_KEY,
      condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [alias] } },
    },
    {
      sid: "SecretsKeyAlias",
      resources: [arnOf(org, "kms", alias)],
      read: [],
      write: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
    },
  ];
}
