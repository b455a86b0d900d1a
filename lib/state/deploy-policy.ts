import type { PolicyStatement } from "../aws/policy-document";
import { UserError } from "../errors";
import type { Org } from "../registry/model";
import { masterSecretNameOf, ORG_TAG } from "../registry/names";
import { executionPolicy, schedulerPolicy } from "../rotation/execution-policies";
import {
  alarmNameOf,
  arnOf,
  deadLettersArnOf,
  functionArnOf,
  logGroupNameOf,
  parameterArnPrefixOf,
  ROTATION_ALARMS,
  ROTATION_FUNCTIONS,
  rotationRoleArnOf,
  SECRETS_KEY_TAG,
  scheduleNameOf,
  secretArnPrefixOf,
  secretsKeyAliasOf,
} from "../rotation/rotation-names";

/** What Terraform asks of one kind of resource. */
interface Need {
  readonly sid: string;
  readonly resources: readonly string[];
  /** To plan. */
  readonly read: readonly string[];
  /** To apply and to destroy. */
  readonly write: readonly string[];
  readonly condition?: PolicyStatement["Condition"];
}

const ROLES = ["rotator", "reconciler", "scheduler"] as const;

/** What it takes to plan an org's rotation in AWS: nothing that reads a value or changes anything. */
export const planPolicy = (org: Org): PolicyStatement[] =>
  needs(org).flatMap((need) => (need.read.length > 0 ? [statement(need, need.read)] : []));

/**
 * What it takes to apply and destroy an org's rotation in AWS, and no more: exact names, since a
 * prefix may be another org's. Roles are created within the boundary alone, and no value is read.
 *
 * @throws UserError when the org has no boundary: who may make roles without one may do anything
 */
export const deployPolicy = (org: Org): PolicyStatement[] => [
  ...needs(org).map((need) => statement(need, [...need.read, ...need.write])),
  ...roleStatements(org),
];

/**
 * The most that a role may do which an org's stack creates: what its functions and its schedule do.
 * Whoever applies could give such a role any policy, and then be it.
 */
export const boundaryPolicy = (org: Org): PolicyStatement[] =>
  (["rotator", "reconciler"] as const)
    .flatMap((part) =>
      executionPolicy(org, part, masterArnPattern(org), arnOf(org, "kms", "key/*")),
    )
    .concat(schedulerPolicy(org))
    .filter(
      ({ Sid, Resource }, index, all) =>
        all.findIndex((other) => other.Sid === Sid && `${other.Resource}` === `${Resource}`) ===
        index,
    )
    .map((allowed, index) => ({ ...allowed, Sid: `${allowed.Sid}${index}` }));

// AWS appends a hyphen and six characters to a secret's name.
const masterArnPattern = (org: Org): string =>
  arnOf(org, "secretsmanager", `secret:${masterSecretNameOf(org)}-??????`);

function needs(org: Org): Need[] {
  const functions = ROTATION_FUNCTIONS.map((part) => functionArnOf(org, part));
  const logGroups = ROTATION_FUNCTIONS.map((part) =>
    arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`),
  );
  const key = { StringEquals: { [`aws:ResourceTag/${SECRETS_KEY_TAG}`]: org.name } };
  const tagging = { StringEquals: { [`aws:RequestTag/${SECRETS_KEY_TAG}`]: org.name } };
  return [
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
    {
      sid: "Functions",
      resources: functions,
      read: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      write: [
        "lambda:AddPermission",
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionEventInvokeConfig",
      ],
    },
    {
      // The caller of RotateSecret needs it, and what refuses to destroy live clients: Terraform
      // names the version that it calls, and that is another ARN.
      sid: "Calls",
      resources: functions.flatMap((arn) => [arn, `${arn}:$LATEST`]),
      read: [],
      write: ["lambda:InvokeFunction"],
    },
    {
      sid: "Logs",
      resources: logGroups.flatMap((group) => [group, `${group}:*`]),
      read: ["logs:ListTagsForResource"],
      write: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
    },
    {
      sid: "DeadLetters",
      resources: [deadLettersArnOf(org)],
      read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
      write: [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ],
    },
    {
      sid: "Alarms",
      resources: ROTATION_ALARMS.map((alarm) =>
        arnOf(org, "cloudwatch", `alarm:${alarmNameOf(org, alarm)}`),
      ),
      read: ["cloudwatch:ListTagsForResource"],
      write: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
    },
    {
      // Also with the name of one, it is asked for all.
      sid: "AlarmList",
      resources: [arnOf(org, "cloudwatch", "alarm:*")],
      read: ["cloudwatch:DescribeAlarms"],
      write: [],
    },
    {
      sid: "Schedule",
      resources: [arnOf(org, "scheduler", `schedule/default/${scheduleNameOf(org)}`)],
      read: ["scheduler:GetSchedule"],
      write: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
    },
    {
      sid: "LabelRule",
      resources: [arnOf(org, "events", `rule/${scheduleNameOf(org)}`)],
      read: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
      write: [
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ],
    },
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
    {
      sid: "Lists",
      resources: ["*"],
      read: ["kms:ListAliases", "logs:DescribeLogGroups", "ssm:DescribeParameters"],
      write: [],
    },
    {
      sid: "Roles",
      resources: ROLES.map((role) => rotationRoleArnOf(org, role)),
      read: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
      ],
      write: [
        "iam:DeleteRole",
        "iam:ListInstanceProfilesForRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
    },
  ];
}

function roleStatements(org: Org): PolicyStatement[] {
  const resources = ROLES.map((role) => rotationRoleArnOf(org, role));
  const boundary = org.aws.permissionsBoundary;
  if (boundary === undefined) {
    throw new UserError(
      `${org.name}: aws.permissionsBoundary is missing: whoever makes roles without a boundary may do anything in account ${org.aws.account}. Make an IAM policy of boundaryPolicy(org) there, and name it`,
    );
  }
  return [
    {
      Sid: "RolesInBoundary",
      Effect: "Allow",
      Action: [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      Resource: resources,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
    },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: resources,
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"],
        },
      },
    },
  ];
}

const statement = (
  { sid, resources, condition }: Need,
  actions: readonly string[],
): PolicyStatement => ({
  Sid: sid,
  Effect: "Allow",
  Action: [...actions].sort(),
  Resource: resources,
  ...(condition && { Condition: condition }),
});

/**
 * What an org's role in the home may do in the account of the org's secrets: the org's own role
 * there, where it has one; else the work itself, where that is the home's account.
 */
export function accountPolicy(org: Org, role: "reader" | "writer"): PolicyStatement[] {
  const { account, deployRole, planRole } = org.aws;
  const assumed = role === "writer" ? deployRole : planRole;
  if (assumed !== undefined) {
    return [
      { Sid: "OrgsOwnRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [assumed] },
    ];
  }
  if (deployRole !== undefined || account !== org.state.home.account) return [];
  return role === "writer" ? deployPolicy(org) : planPolicy(org);
}
