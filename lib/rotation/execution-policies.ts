import { allow, type PolicyStatement } from "../aws/policy-document";
import {
  arnOf,
  deadLettersArnOf,
  functionArnOf,
  logGroupNameOf,
  type NamedOrg,
  parameterArnPrefixOf,
  type RotationFunctionName,
  secretArnPrefixOf,
} from "./rotation-names";

/** Lets a service assume a role, for the org's account alone. */
export const serviceTrust = (org: NamedOrg, service: string): PolicyStatement[] => [
  {
    Sid: "Service",
    Effect: "Allow",
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ["sts:AssumeRole"],
    // Lambda assumes a function's role without a source.
    ...(service !== "lambda" && {
      Condition: { StringEquals: { "aws:SourceAccount": org.aws.account } },
    }),
  },
];

/**
 * What a function may do, and no more.
 *
 * @param masterArn ARN of the master's secret, or a pattern of it
 * @param keyArn ARN of the secrets' key, or a pattern of it
 */
export function executionPolicy(
  org: NamedOrg,
  part: RotationFunctionName,
  masterArn: string,
  keyArn: string,
): PolicyStatement[] {
  const keyActions = {
    rotator: ["kms:Decrypt", "kms:GenerateDataKey"],
    reconciler: ["kms:Decrypt"],
  };
  return [
    ...(part === "rotator" ? rotatorStatements(org) : reconcilerStatements(org)),
    allow("Master", ["secretsmanager:GetSecretValue"], [masterArn]),
    // The key's own policy lets them in, too; but a boundary may count for more than that.
    allow("SecretsKey", keyActions[part], [keyArn], {
      StringEquals: { "kms:ViaService": `secretsmanager.${org.aws.region}.amazonaws.com` },
    }),
    allow(
      "Logs",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`${arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`)}:*`],
    ),
    allow("DeadLetters", ["sqs:SendMessage"], [deadLettersArnOf(org)]),
  ];
}

const rotatorStatements = (org: NamedOrg): PolicyStatement[] => [
  allow(
    "Rotate",
    [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:ListSecretVersionIds",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    [`${secretArnPrefixOf(org)}*`],
    // Only secrets that this function rotates: the master's is none of them.
    {
      ArnEquals: {
        "secretsmanager:resource/AllowRotationLambdaArn": functionArnOf(org, "rotator"),
      },
    },
  ),
  allow("Specification", ["ssm:GetParameters"], [`${parameterArnPrefixOf(org)}*`]),
];

const reconcilerStatements = (org: NamedOrg): PolicyStatement[] => [
  allow(
    "Compare",
    ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
    [`${secretArnPrefixOf(org)}*`],
  ),
  allow(
    "Specifications",
    ["ssm:GetParametersByPath"],
    // The folder itself, and what is in it.
    [parameterArnPrefixOf(org).replace(/\/$/, ""), `${parameterArnPrefixOf(org)}*`],
  ),
  allow(
    "Retirements",
    ["ssm:DeleteParameter", "ssm:PutParameter"],
    [`${parameterArnPrefixOf(org)}*/retirement`],
  ),
];

/** What the schedule may do. */
export const schedulerPolicy = (org: NamedOrg): PolicyStatement[] => [
  allow("Reconcile", ["lambda:InvokeFunction"], [functionArnOf(org, "reconciler")]),
  allow("DeadLetters", ["sqs:SendMessage"], [deadLettersArnOf(org)]),
];
