import { allow, type PolicyStatement } from "../../aws/policy-document";
import { isWatched } from "../../registry/managed-secret";
import type { Org, ProviderCredential } from "../../registry/model";
import { masterSecretNameOf, SecretName } from "../../registry/secret-name";
import {
  arnOf,
  parameterArnPrefixOf,
  parameterFolderArnsOf,
  parameterNameOf,
  secretArnPrefixesOf,
} from "../../rotation/rotation-names";
import type { Need } from "./need";

/**
 * Returns a pattern for the ARN of the master's secret: AWS appends a hyphen and six characters.
 */
export const masterArnPattern = (org: Org): string =>
  arnOf(org, "secretsmanager", `secret:${masterSecretNameOf(org)}-??????`);

const replication = ({ secrets }: Org): string[] =>
  secrets.some(({ replicas }) => replicas.length > 0)
    ? ["secretsmanager:RemoveRegionsFromReplication", "secretsmanager:ReplicateSecretToRegions"]
    : [];

const copiedSecrets = ({ secrets, aws }: Org): string[] =>
  secrets
    .filter(({ value }) => value?.source === "vault")
    .map(({ secretName }) => SecretName.parse(secretName).arnPattern(aws));

const copiedValues = (org: Org): string[] => [
  ...(org.credentials ? [] : [masterArnPattern(org)]),
  ...copiedSecrets(org),
];

/**
 * Returns the permission to read a provider credential, if the org has it in Secrets Manager. The key's own
 * policy lets readers of the secret use it.
 */
export const ownCredentialStatements = (
  { credentials, aws }: Org,
  credential: ProviderCredential,
): PolicyStatement[] =>
  credentials
    ? [
        allow(
          "OwnCredential",
          ["secretsmanager:GetSecretValue"],
          [SecretName.parse(credentials.secrets[credential]).arnPattern(aws)],
        ),
      ]
    : [];

/**
 * Returns the permission to read what rotator and reconciler note, for `genesys-orgs secrets --live`. Only who
 * plans has it: a deploy does not read the notes.
 */
export const noteStatements = (org: Org): PolicyStatement[] => [
  allow("Notes", ["ssm:GetParametersByPath"], parameterFolderArnsOf(org)),
];

/** Needs for the secrets, the master's value and the specifications of the clients. */
export const secretNeeds = (org: Org): Need[] => [
  {
    sid: "Secrets",
    resources: secretArnPrefixesOf(org).map((prefix) => `${prefix}*`),
    read: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:ListSecretVersionIds",
    ],
    write: [
      "secretsmanager:CancelRotateSecret",
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteResourcePolicy",
      "secretsmanager:DeleteSecret",
      "secretsmanager:PutResourcePolicy",
      ...replication(org),
      "secretsmanager:RotateSecret",
      "secretsmanager:TagResource",
      "secretsmanager:UntagResource",
      "secretsmanager:UpdateSecret",
      "secretsmanager:ValidateResourcePolicy",
    ],
  },
  ...(copiedValues(org).length > 0
    ? [
        {
          // The values that Terraform copies from Vault.
          sid: "Master",
          resources: copiedValues(org),
          read: [],
          write: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
        },
      ]
    : []),
  {
    sid: "Specifications",
    resources: (
      ["specification", ...(org.secrets.some(isWatched) ? ["managed" as const] : [])] as const
    ).map((kind) => parameterNameOf(`${parameterArnPrefixOf(org)}*`, kind)),
    read: ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"],
    write: [
      "ssm:AddTagsToResource",
      "ssm:DeleteParameter",
      "ssm:PutParameter",
      "ssm:RemoveTagsFromResource",
    ],
  },
];
