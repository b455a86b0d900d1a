import { allow, type PolicyStatement } from "../aws/policy-document";
import { isWatched } from "../registry/managed-secret";
import type { Org } from "../registry/model";
import { keyArnPatternOf } from "../registry/names";
import { networkStatements } from "./network-policy";
import {
  arnOf,
  DUE_EVENTS,
  deadLettersArnOf,
  functionArnOf,
  logGroupNameOf,
  type NamedOrg,
  parameterArnPrefixOf,
  parameterFolderArnsOf,
  type RotationFunctionName,
  secretArnPrefixesOf,
  secretArnPrefixOf,
} from "./rotation-names";

/** Returns the trust policy that lets an AWS service assume a role, for the org's account only. */
export const serviceTrust = (org: NamedOrg, service: string): PolicyStatement[] => [
  {
    Sid: "Service",
    Effect: "Allow",
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ["sts:AssumeRole"],
    // Lambda assumes a function's role without a source account.
    ...(service !== "lambda" && {
      Condition: { StringEquals: { "aws:SourceAccount": org.aws.account } },
    }),
  },
];

/**
 * Returns the permissions of a function, and no more than it needs.
 *
 * @param masterArn ARN of the master's secret, or a pattern that matches it
 * @param keyArn ARN of the secrets' key, or a pattern that matches it
 */
export function executionPolicy(
  org: NamedOrg & Pick<Org, "credentials"> & Parameters<typeof networkStatements>[0],
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
    ...(org.credentials ? [ownMasterKey(org, masterArn)] : []),
    // The key's own policy allows this as well, but a permissions boundary may override it.
    allow("SecretsKey", keyActions[part], [keyArn], {
      StringEquals: { "kms:ViaService": `secretsmanager.${org.aws.region}.amazonaws.com` },
    }),
    allow(
      "Logs",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`${arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`)}:*`],
    ),
    ...networkStatements(org),
  ];
}

/** The master's own secret has a key of another stack, whose id is not known. */
const ownMasterKey = ({ aws }: NamedOrg, masterArn: string): PolicyStatement =>
  allow("MasterKey", ["kms:Decrypt"], [keyArnPatternOf(aws)], {
    StringEquals: { "kms:ViaService": `secretsmanager.${aws.region}.amazonaws.com` },
    StringLike: { "kms:EncryptionContext:SecretARN": masterArn },
  });

/** Only secrets that the rotator rotates, so not the master's. */
const rotatedHere = (org: NamedOrg) => ({
  ArnEquals: {
    "secretsmanager:resource/AllowRotationLambdaArn": functionArnOf(org, "rotator"),
  },
});

const rotatorStatements = (org: NamedOrg): PolicyStatement[] => [
  allow(
    "Rotate",
    [
      "secretsmanager:DescribeSecret",
      "secretsmanager:ListSecretVersionIds",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    [`${secretArnPrefixOf(org)}*`],
    rotatedHere(org),
  ),
  allow("ReadPending", ["secretsmanager:GetSecretValue"], [`${secretArnPrefixOf(org)}*`], {
    ...rotatedHere(org),
    StringEquals: { "secretsmanager:VersionStage": ["AWSCURRENT", "AWSPENDING"] },
  }),
  allow("Specification", ["ssm:GetParameters"], [`${parameterArnPrefixOf(org)}*`]),
  allow("Attempt", ["ssm:PutParameter"], [`${parameterArnPrefixOf(org)}*/attempt`]),
];

const reconcilerStatements = (org: NamedOrg): PolicyStatement[] => [
  allow(
    "Compare",
    ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
    secretArnPrefixesOf(org).map((prefix) => `${prefix}*`),
  ),
  // It tries current values, and cannot write any.
  allow("ReadCurrent", ["secretsmanager:GetSecretValue"], [`${secretArnPrefixOf(org)}*`], {
    StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" },
  }),
  // It starts rotations, and leaves their schedule and their function as they are.
  allow("Start", ["secretsmanager:RotateSecret"], [`${secretArnPrefixOf(org)}*`], {
    ...rotatedHere(org),
    // AWS does not document whether these keys are there if the request does not name them.
    BoolIfExists: { "secretsmanager:ModifyRotationRules": "false" },
    ArnEqualsIfExists: { "secretsmanager:RotationLambdaARN": functionArnOf(org, "rotator") },
  }),
  // AWS requires it of a caller that starts a rotation.
  allow("StartedFunction", ["lambda:InvokeFunction"], [functionArnOf(org, "rotator")]),
  // It cannot move AWSCURRENT.
  allow(
    "FreePending",
    ["secretsmanager:UpdateSecretVersionStage"],
    [`${secretArnPrefixOf(org)}*`],
    { ...rotatedHere(org), StringEquals: { "secretsmanager:VersionStage": "AWSPENDING" } },
  ),
  allow(
    "Specifications",
    ["ssm:GetParameters", "ssm:GetParametersByPath"],
    parameterFolderArnsOf(org),
  ),
  allow(
    "Notes",
    ["ssm:DeleteParameter", "ssm:PutParameter"],
    [`${parameterArnPrefixOf(org)}*/retirement`, `${parameterArnPrefixOf(org)}*/status`],
  ),
  // Of credentials that were destroyed.
  allow("Attempts", ["ssm:DeleteParameter"], [`${parameterArnPrefixOf(org)}*/attempt`]),
  allow("DeadLetters", ["sqs:SendMessage"], [deadLettersArnOf(org)]),
  ...reminderStatements(org),
];

/** For the reminders about credentials that nothing rotates, where the org has any. */
const reminderStatements = (org: NamedOrg): PolicyStatement[] =>
  !org.secrets.some(isWatched)
    ? []
    : [
        allow("Reminded", ["ssm:PutParameter"], [`${parameterArnPrefixOf(org)}*/reminded`]),
        allow("Remind", ["events:PutEvents"], [arnOf(org, "events", "event-bus/default")], {
          "ForAllValues:StringEquals": {
            "events:source": DUE_EVENTS.source,
            "events:detail-type": DUE_EVENTS.detailType,
          },
          // Without a value, all of none are equal.
          Null: { "events:source": "false", "events:detail-type": "false" },
        }),
      ];

/** Returns the permissions of the schedule. */
export const schedulerPolicy = (org: NamedOrg): PolicyStatement[] => [
  allow("Reconcile", ["lambda:InvokeFunction"], [functionArnOf(org, "reconciler")]),
  allow("DeadLetters", ["sqs:SendMessage"], [deadLettersArnOf(org)]),
];
