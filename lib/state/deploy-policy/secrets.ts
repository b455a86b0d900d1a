import type { Org } from "../../registry/model";
import { masterSecretNameOf } from "../../registry/secret-name";
import { arnOf, parameterArnPrefixOf, secretArnPrefixOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

/**
 * Returns a pattern for the ARN of the master's secret: AWS appends a hyphen and six characters.
 */
export const masterArnPattern = (org: Org): string =>
  arnOf(org, "secretsmanager", `secret:${masterSecretNameOf(org)}-??????`);

/** Needs for the secrets, the master's value and the specifications of the clients. */
export const secretNeeds = (org: Org): Need[] => [
  {
    sid: "Secrets",
    resources: [`${secretArnPrefixOf(org)}*`],
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
      "secretsmanager:RotateSecret",
      "secretsmanager:TagResource",
      "secretsmanager:UntagResource",
      "secretsmanager:UpdateSecret",
      "secretsmanager:ValidateResourcePolicy",
    ],
  },
  {
    sid: "Master",
    resources: [masterArnPattern(org)],
    read: [],
    write: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
  },
  {
    sid: "Specifications",
    resources: [`${parameterArnPrefixOf(org)}*/specification`],
    read: ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"],
    write: [
      "ssm:AddTagsToResource",
      "ssm:DeleteParameter",
      "ssm:PutParameter",
      "ssm:RemoveTagsFromResource",
    ],
  },
];
