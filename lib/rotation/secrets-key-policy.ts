import { ADMINISTER_KEY } from "../aws/key-administration";
import type { PolicyStatement } from "../aws/policy-document";
import type { Org } from "../registry/model";
import { partitionOf } from "../registry/names";
import {
  arnOf,
  logGroupNameOf,
  ROTATION_FUNCTIONS,
  rotationRoleArnOf,
  secretArnPrefixesOf,
} from "./rotation-names";

/** The actions with which Terraform reads the key and its settings. */
export const READ_SECRETS_KEY = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
];

/** The further actions with which Terraform changes and deletes the key. None of them tags it. */
export const ADMINISTER_SECRETS_KEY = [
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DisableKeyRotation",
  "kms:EnableKeyRotation",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/**
 * Stands for the ARN of a secret, or for its version, when Secrets Manager tries a new secret's key. It
 * discards the results of these calls (AWS: How Secrets Manager uses your KMS key).
 */
const KEY_TRIAL = "RequestToValidateKeyAccess";

/**
 * Returns the policy of the key. Consumers can use it for the org's secrets alone, since Secrets Manager
 * gives KMS the ARN of the secret as encryption context.
 *
 * @param accounts accounts whose principals may use it, for the secrets that admit them
 */
export function secretsKeyPolicy(org: Org, accounts: readonly string[]): PolicyStatement[] {
  const { region } = org.aws;
  const [administer, ...use] = secretsUsePolicy(
    org,
    accounts,
    secretArnPrefixesOf(org).map((prefix) => `${prefix}*`),
  );
  const { deployers, planners } = terraformRolesOf(org);
  return [
    administer as PolicyStatement,
    ...directly("Deploy", deployers, [...READ_SECRETS_KEY, ...ADMINISTER_SECRETS_KEY]),
    ...directly("Plan", planners, READ_SECRETS_KEY),
    ...use,
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Decrypt*",
        "kms:Describe*",
        "kms:Encrypt*",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ],
      Resource: ["*"],
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": ROTATION_FUNCTIONS.map((part) =>
            arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`),
          ),
        },
      },
    },
  ];
}

/**
 * Returns the statements that administer a key of secrets, and those that let the callers of Secrets
 * Manager use it. Anyone who may read one of these secrets may use the key for it.
 *
 * @param accounts accounts whose principals may read the secrets, where these admit them
 * @param secrets patterns of their ARNs
 */
export function secretsUsePolicy(
  org: Pick<Org, "aws">,
  accounts: readonly string[],
  secrets: readonly string[],
): PolicyStatement[] {
  const { region, account } = org.aws;
  const throughSecretsManager = (
    Sid: string,
    Action: string[],
    callers: readonly string[],
    context?: PolicyStatement["Condition"],
  ): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action,
    Resource: ["*"],
    Condition: {
      StringEquals: {
        "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
        "kms:CallerAccount": callers,
      },
      ...context,
    },
  });
  const ownSecrets = {
    StringLike: {
      "kms:EncryptionContext:SecretARN": [...secrets, KEY_TRIAL],
    },
  };
  return [
    {
      Sid: "Administer",
      Effect: "Allow",
      Principal: { AWS: [`arn:${partitionOf(region)}:iam::${account}:root`] },
      Action: ADMINISTER_KEY,
      Resource: ["*"],
    },
    throughSecretsManager("Read", ["kms:Decrypt"], accounts, ownSecrets),
    throughSecretsManager("Write", ["kms:GenerateDataKey"], [account], ownSecrets),
    // It encrypts nothing, so it has no encryption context.
    throughSecretsManager("Describe", ["kms:DescribeKey"], [account]),
  ];
}

/**
 * Returns the roles with which Terraform works in the account of the secrets; none where the registry
 * names none.
 */
export function terraformRolesOf(org: Org): Record<"deployers" | "planners", readonly string[]> {
  const { account, deployRole, planRole } = org.aws;
  const { home, access } = org.state;
  if (deployRole !== undefined) {
    return { deployers: [deployRole], planners: planRole === undefined ? [] : [planRole] };
  }
  if (account !== home.account || home.storage) {
    const there = (roles: readonly string[]) =>
      roles.filter((arn) => arn.split(":")[4] === account);
    const { writer, reader } = access.crossAccountRoles;
    return { deployers: there(writer), planners: there(reader) };
  }
  return {
    deployers: [rotationRoleArnOf(org, "writer")],
    planners: [rotationRoleArnOf(org, "reader")],
  };
}

/**
 * Allows roles by the key's policy alone. A new key has no alias yet, so no statement of a role itself
 * can name it. A condition names the roles, since a role as the principal must exist.
 */
const directly = (Sid: string, roles: readonly string[], actions: string[]): PolicyStatement[] =>
  roles.length === 0
    ? []
    : [
        {
          Sid,
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: [...actions].sort(),
          Resource: ["*"],
          Condition: { ArnEquals: { "aws:PrincipalArn": roles } },
        },
      ];
