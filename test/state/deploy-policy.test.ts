import type { OrgEntry } from "../../lib";
import { type PolicyStatement, policyJson } from "../../lib/aws/policy-document";
import { executionPolicy, schedulerPolicy } from "../../lib/rotation/execution-policies";
import { secretsKeyPolicy } from "../../lib/rotation/secrets-key-policy";
import {
  accountPolicy,
  alertPolicy,
  boundaryPolicy,
  deployPolicy,
  planPolicy,
} from "../../lib/state/deploy-policy";
import { rolePolicy } from "../../lib/state/role-policies";
import { problemsOf } from "../support/policies/aws-actions";
import { isAllowed, type Principal } from "../support/policies/evaluate";
import { entry, sampleOrg } from "../support/sample-org";
import { homeRegistry } from "../support/state-stacks";

const ACCOUNT = "111111111111";
const BUS = "aws.partner/genesys.com/cloud/11111111-1111-4111-8111-111111111111/na";
const ORG = sampleOrg("na", {
  monitoring: { trailLogGroup: "cloudtrail", genesysEventBus: BUS },
});
const SECRETS = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:/genesys/production/na`;
const MASTER = `${SECRETS}/_master-AbCdEf`;
const ROTATOR = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:genesys-na-rotator`;
const RECONCILER = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:genesys-na-reconciler`;
const RULE = `arn:aws:events:us-east-1:${ACCOUNT}:rule/genesys-na-reconciler`;
const labels = (patch: Record<string, string[]> = {}) => ({
  "events:source": ["aws.secretsmanager"],
  "events:detail-type": ["Secret Label Updated"],
  ...patch,
});
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:genesys-alerts-production`;
const ALERT = `arn:aws:events:us-east-1:${ACCOUNT}:rule/genesys-na.unexpected-read`;
const CLIENT_ALERT = `arn:aws:events:us-east-1:${ACCOUNT}:rule/${BUS}/genesys-na.client-changed`;
const calls = (source = "aws.secretsmanager", detailType = "AWS API Call via CloudTrail") => ({
  "events:source": [source],
  "events:detail-type": [detailType],
});
const audits = (source: string) => calls(source, "v2.audits.entitytype.{id}.entityid.{id}");
const dashboard = (name: string) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/genesys-na-boundary`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-4000-8000-000000000001`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const rotates = (fn: string) => ({ "secretsmanager:resource/AllowRotationLambdaArn": fn });
const ofSecrets = (org: string) => ({ "kms:ResourceAliases": [`alias/genesys-secrets/${org}`] });
const claims = (org: string) => ({
  "aws:RequestTag/genesys-secrets-of": org,
  "aws:TagKeys": ["genesys-secrets-of"],
});
/** The context of a read of one of the rotator's secrets. */
const reads = (stage: string) => ({ ...rotates(ROTATOR), "secretsmanager:VersionStage": stage });

const POLICIES = {
  writer: deployPolicy(ORG),
  reader: planPolicy(ORG),
  rotator: executionPolicy(ORG, "rotator", MASTER, KEY),
  reconciler: executionPolicy(ORG, "reconciler", MASTER, KEY),
  scheduler: schedulerPolicy(ORG),
  "a role in the boundary": boundaryPolicy(ORG),
};
type Who = keyof typeof POLICIES;

type Row = [
  who: Who,
  action: string,
  resource: string,
  context?: Record<string, string | string[]>,
];

/** The context of a request to move a label of one of the rotator's secrets. */
const moves = reads;
/** The context of a request to rotate one of them. */
const starts = (context: Record<string, string>) => ({ ...rotates(ROTATOR), ...context });

const may: Row[] = [
  ["reconciler", "secretsmanager:RotateSecret", `${SECRETS}/crm-AbCdEf`, rotates(ROTATOR)],
  [
    "reconciler",
    "secretsmanager:RotateSecret",
    `${SECRETS}/crm-AbCdEf`,
    starts({
      "secretsmanager:ModifyRotationRules": "false",
      "secretsmanager:RotationLambdaARN": ROTATOR,
    }),
  ],
  ["reconciler", "lambda:InvokeFunction", ROTATOR],
  [
    "reconciler",
    "secretsmanager:UpdateSecretVersionStage",
    `${SECRETS}/crm-AbCdEf`,
    moves("AWSPENDING"),
  ],
  ["reconciler", "ssm:DeleteParameter", parameter("/crm/status")],
  ["reconciler", "ssm:DeleteParameter", parameter("/crm/attempt")],
  ["rotator", "ssm:PutParameter", parameter("/crm/attempt")],
  ["rotator", "secretsmanager:PutSecretValue", `${SECRETS}/crm-AbCdEf`, rotates(ROTATOR)],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, reads("AWSPENDING")],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, reads("AWSCURRENT")],
  ["rotator", "secretsmanager:GetSecretValue", MASTER],
  ["rotator", "ssm:GetParameters", parameter("/crm/specification")],
  ["rotator", "logs:PutLogEvents", logs("rotator", ":log-stream:1")],
  ["reconciler", "secretsmanager:ListSecretVersionIds", `${SECRETS}/crm-AbCdEf`],
  ["reconciler", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, reads("AWSCURRENT")],
  ["reconciler", "secretsmanager:GetSecretValue", MASTER],
  ["reconciler", "ssm:GetParameters", parameter("/crm/status")],
  ["reconciler", "ssm:GetParametersByPath", parameter("")],
  ["reconciler", "ssm:PutParameter", parameter("/crm/status")],
  ["reconciler", "ssm:PutParameter", parameter("/crm/retirement")],
  ["reconciler", "logs:CreateLogStream", logs("reconciler", ":log-stream:1")],
  ["reconciler", "sqs:SendMessage", aws("sqs", "genesys-na-dead-letters")],
  ["rotator", "kms:GenerateDataKey", KEY, throughSecretsManager()],
  ["reconciler", "kms:Decrypt", KEY, throughSecretsManager()],
  ["a role in the boundary", "kms:Decrypt", KEY, throughSecretsManager()],
  ["scheduler", "lambda:InvokeFunction", aws("lambda", "function:genesys-na-reconciler")],
  ["scheduler", "sqs:SendMessage", aws("sqs", "genesys-na-dead-letters")],
  ["writer", "secretsmanager:CreateSecret", `${SECRETS}/crm-AbCdEf`],
  ["writer", "secretsmanager:RotateSecret", `${SECRETS}/crm-AbCdEf`],
  ["writer", "secretsmanager:PutSecretValue", MASTER],
  ["writer", "ssm:PutParameter", parameter("/crm/specification")],
  ["writer", "lambda:CreateFunction", ROTATOR],
  ["writer", "lambda:InvokeFunction", ROTATOR],
  // aws_lambda_invocation calls with a qualifier.
  ["writer", "lambda:InvokeFunction", aws("lambda", "function:genesys-na-reconciler:$LATEST")],
  ["writer", "lambda:InvokeFunction", RECONCILER],
  ["writer", "lambda:InvokeFunction", `${RECONCILER}:dry-run`],
  ["writer", "lambda:CreateAlias", RECONCILER],
  ["writer", "lambda:UpdateAlias", RECONCILER],
  ["writer", "lambda:DeleteAlias", RECONCILER],
  ["writer", "logs:CreateLogGroup", logs("rotator")],
  ["writer", "sqs:CreateQueue", aws("sqs", "genesys-na-dead-letters")],
  ["writer", "cloudwatch:PutMetricAlarm", aws("cloudwatch", "alarm:genesys-na-rotation-failed")],
  [
    "writer",
    "scheduler:CreateSchedule",
    aws("scheduler", "schedule/default/genesys-na-reconciler"),
  ],
  ["writer", "events:PutRule", RULE, labels()],
  ["writer", "events:PutTargets", RULE, { "events:TargetArn": [RECONCILER] }],
  ["writer", "events:DeleteRule", RULE],
  ["writer", "events:PutRule", ALERT, calls()],
  ["writer", "events:PutTargets", ALERT, { "events:TargetArn": [TOPIC] }],
  ["writer", "events:DeleteRule", ALERT],
  ["writer", "events:PutRule", CLIENT_ALERT, audits(BUS)],
  ["writer", "events:PutTargets", CLIENT_ALERT, { "events:TargetArn": [TOPIC] }],
  ["writer", "events:RemoveTargets", CLIENT_ALERT],
  ["writer", "cloudwatch:PutMetricAlarm", aws("cloudwatch", "alarm:genesys-na-reads-many")],
  ["writer", "cloudwatch:PutDashboard", dashboard("genesys-na")],
  ["writer", "logs:PutMetricFilter", aws("logs", "log-group:cloudtrail")],
  ["reader", "cloudwatch:ListTagsForResource", aws("cloudwatch", "alarm:genesys-na-reads-many")],
  ["reader", "events:ListTargetsByRule", ALERT],
  ["reader", "events:DescribeRule", CLIENT_ALERT],
  ["reader", "cloudwatch:GetDashboard", dashboard("genesys-na")],
  ["reader", "logs:DescribeMetricFilters", aws("logs", "log-group:cloudtrail")],
  ["writer", "kms:CreateKey", "*"],
  ["writer", "kms:PutKeyPolicy", KEY, ofSecrets("na")],
  ["writer", "kms:CreateAlias", aws("kms", "alias/genesys-secrets/na")],
  ["writer", "logs:DescribeLogGroups", "*"],
  ["writer", "iam:UpdateAssumeRolePolicy", role("genesys-na-rotator")],
  ["writer", "iam:UpdateRoleDescription", role("genesys-na-rotator")],
  ["writer", "iam:CreateRole", role("genesys-na-rotator"), { "iam:PermissionsBoundary": BOUNDARY }],
  [
    "writer",
    "iam:PassRole",
    role("genesys-na-scheduler"),
    { "iam:PassedToService": "scheduler.amazonaws.com" },
  ],
  ["reader", "secretsmanager:DescribeSecret", `${SECRETS}/crm-AbCdEf`],
  ["reader", "ssm:GetParameter", parameter("/crm/specification")],
  ["reader", "ssm:GetParametersByPath", parameter("")],
  ["reader", "secretsmanager:ListSecretVersionIds", `${SECRETS}/crm-AbCdEf`],
  ["reader", "lambda:GetFunction", ROTATOR],
  ["reader", "lambda:GetAlias", RECONCILER],
  ["reader", "lambda:InvokeFunction", `${RECONCILER}:dry-run`],
  ["reader", "logs:ListTagsForResource", logs("rotator")],
  ["reader", "sqs:GetQueueAttributes", aws("sqs", "genesys-na-dead-letters")],
  ["writer", "cloudwatch:DescribeAlarms", aws("cloudwatch", "alarm:of-others")],
  ["reader", "cloudwatch:DescribeAlarms", aws("cloudwatch", "alarm:of-others")],
  ["reader", "cloudwatch:ListTagsForResource", aws("cloudwatch", "alarm:genesys-na-clients")],
  ["reader", "scheduler:GetSchedule", aws("scheduler", "schedule/default/genesys-na-reconciler")],
  ["reader", "events:DescribeRule", aws("events", "rule/genesys-na-reconciler")],
  ["reader", "kms:GetKeyPolicy", KEY, ofSecrets("na")],
  ["reader", "kms:ListAliases", "*"],
  ["reader", "iam:GetRole", role("genesys-na-reconciler")],
  [
    "a role in the boundary",
    "secretsmanager:PutSecretValue",
    `${SECRETS}/x-AbCdEf`,
    rotates(ROTATOR),
  ],
  [
    "a role in the boundary",
    "lambda:InvokeFunction",
    aws("lambda", "function:genesys-na-reconciler"),
  ],
];

const mayNot: Row[] = [
  // Everything that happens in the account, or nothing that a pattern limits.
  ["writer", "events:PutRule", RULE],
  ["writer", "events:PutRule", RULE, labels({ "events:source": ["aws.iam"] })],
  ["writer", "events:PutRule", RULE, labels({ "events:source": ["aws.secretsmanager", "aws.s3"] })],
  [
    "writer",
    "events:PutRule",
    RULE,
    labels({ "events:detail-type": ["AWS API Call via CloudTrail"] }),
  ],
  ["writer", "events:PutRule", RULE, { "events:source": ["aws.secretsmanager"] }],
  ["writer", "events:PutTargets", RULE, { "events:TargetArn": [`${RECONCILER}-2`] }],
  ["writer", "events:PutTargets", RULE, { "events:TargetArn": [RECONCILER, ROTATOR] }],
  ["writer", "events:PutTargets", RULE],
  ["writer", "events:PutRule", ALERT, calls("aws.iam")],
  ["writer", "events:PutRule", ALERT, calls("aws.secretsmanager", "Secret Label Updated")],
  ["writer", "events:PutTargets", ALERT, { "events:TargetArn": [RECONCILER] }],
  ["writer", "events:PutRule", CLIENT_ALERT, audits(`${BUS}-2`)],
  ["writer", "events:PutTargets", CLIENT_ALERT, { "events:TargetArn": [`${TOPIC}-2`] }],
  ["writer", "events:DeleteRule", ALERT.replace("-na.", "-na-2.")],
  ["writer", "cloudwatch:PutMetricAlarm", aws("cloudwatch", "alarm:genesys-na-prod-reads-many")],
  ["writer", "events:PutRule", ALERT.replace("-na.", "-na-prod."), calls()],
  ["writer", "cloudwatch:PutDashboard", dashboard("genesys-na-prod")],
  ["writer", "logs:PutMetricFilter", aws("logs", "log-group:cloudtrail-2")],
  ["writer", "sns:SetTopicAttributes", TOPIC],
  ["reader", "events:DeleteRule", ALERT],
  ["reader", "cloudwatch:PutDashboard", dashboard("genesys-na")],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/by-hand-AbCdEf`],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/x-AbCdEf`, rotates(`${ROTATOR}-2`)],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, rotates(ROTATOR)],
  ["rotator", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, reads("AWSPREVIOUS")],
  ["rotator", "secretsmanager:PutSecretValue", MASTER],
  ["rotator", "secretsmanager:PutSecretValue", `${SECRETS}-prod/x-AbCdEf`, rotates(ROTATOR)],
  ["rotator", "kms:Decrypt", KEY],
  ["reconciler", "kms:GenerateDataKey", KEY, throughSecretsManager()],
  ["rotator", "kms:Decrypt", KEY.replace(/1$/, "2"), throughSecretsManager()],
  ["rotator", "ssm:PutParameter", parameter("/crm/specification")],
  ["reconciler", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, rotates(ROTATOR)],
  ["reconciler", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`, reads("AWSPENDING")],
  ["reconciler", "secretsmanager:PutSecretValue", `${SECRETS}/crm-AbCdEf`, rotates(ROTATOR)],
  ["rotator", "ssm:PutParameter", parameter("/crm/status")],
  ["rotator", "sqs:SendMessage", aws("sqs", "genesys-na-dead-letters")],
  ["reconciler", "secretsmanager:UpdateSecretVersionStage", `${SECRETS}/crm-AbCdEf`],
  [
    "reconciler",
    "secretsmanager:UpdateSecretVersionStage",
    `${SECRETS}/crm-AbCdEf`,
    moves("AWSCURRENT"),
  ],
  ["reconciler", "secretsmanager:RotateSecret", `${SECRETS}/crm-AbCdEf`],
  ["reconciler", "secretsmanager:RotateSecret", `${SECRETS}-prod/x-AbCdEf`, rotates(ROTATOR)],
  [
    "reconciler",
    "secretsmanager:RotateSecret",
    `${SECRETS}/crm-AbCdEf`,
    starts({ "secretsmanager:ModifyRotationRules": "true" }),
  ],
  [
    "reconciler",
    "secretsmanager:RotateSecret",
    `${SECRETS}/crm-AbCdEf`,
    starts({ "secretsmanager:RotationLambdaARN": `${ROTATOR}-2` }),
  ],
  ["reconciler", "lambda:InvokeFunction", RECONCILER],
  ["reconciler", "ssm:PutParameter", parameter("/crm/attempt")],
  ["reconciler", "ssm:DeleteParameter", parameter("/crm/specification")],
  ["reconciler", "ssm:PutParameter", parameter("/crm/specification")],
  ["scheduler", "lambda:InvokeFunction", ROTATOR],
  ["writer", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`],
  ["writer", "secretsmanager:GetSecretValue", MASTER],
  ["writer", "secretsmanager:PutSecretValue", `${SECRETS}/crm-AbCdEf`],
  // The org na-prod: a prefix of names would be its as well.
  ["writer", "secretsmanager:DeleteSecret", `${SECRETS}-prod/crm-AbCdEf`],
  ["writer", "lambda:UpdateFunctionCode", aws("lambda", "function:genesys-na-prod-rotator")],
  [
    "writer",
    "iam:PutRolePolicy",
    role("genesys-na-prod-rotator"),
    { "iam:PermissionsBoundary": BOUNDARY },
  ],
  ["writer", "iam:PutRolePolicy", role("genesys-na-rotator")],
  ["writer", "iam:CreateRole", role("genesys-na-rotator")],
  [
    "writer",
    "iam:CreateRole",
    role("genesys-na-rotator"),
    { "iam:PermissionsBoundary": `${BOUNDARY}-2` },
  ],
  ["writer", "iam:DeleteRolePermissionsBoundary", role("genesys-na-rotator")],
  [
    "writer",
    "iam:AttachRolePolicy",
    role("genesys-na-rotator"),
    { "iam:PermissionsBoundary": BOUNDARY },
  ],
  ["writer", "iam:CreatePolicyVersion", BOUNDARY],
  [
    "writer",
    "iam:PassRole",
    role("genesys-na-rotator"),
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  ["writer", "iam:PassRole", role("admin"), { "iam:PassedToService": "lambda.amazonaws.com" }],
  // The key of the org's state has other tags.
  ["writer", "kms:PutKeyPolicy", KEY, { "aws:ResourceTag/genesys-org": "na" }],
  // A tag says whose a key is: to other teams' policies, and to those of earlier versions.
  ["writer", "kms:TagResource", KEY, claims("na")],
  ["writer", "kms:TagResource", KEY, { ...claims("na"), ...ofSecrets("na") }],
  ["writer", "kms:PutKeyPolicy", KEY, { "aws:ResourceTag/genesys-secrets-of": "na" }],
  ["writer", "kms:PutKeyPolicy", KEY, { "kms:ResourceAliases": ["alias/payroll"] }],
  ["writer", "kms:CreateAlias", KEY],
  ["writer", "kms:UpdateAlias", KEY, { "kms:ResourceAliases": ["alias/payroll"] }],
  ["writer", "kms:CreateAlias", aws("kms", "alias/genesys-secrets/na-prod")],
  ["writer", "lambda:InvokeFunction", aws("lambda", "function:genesys-na-prod-rotator:$LATEST")],
  ["writer", "kms:ScheduleKeyDeletion", KEY, ofSecrets("na-prod")],
  ["writer", "kms:CreateKey", "*", claims("na")],
  ["writer", "ssm:PutParameter", parameter("/crm/retirement")],
  ["reader", "secretsmanager:GetSecretValue", `${SECRETS}/crm-AbCdEf`],
  ["reader", "secretsmanager:RotateSecret", `${SECRETS}/crm-AbCdEf`],
  ["reader", "secretsmanager:ListSecrets", "*"],
  ["reader", "ssm:GetParametersByPath", parameter("-prod")],
  ["reader", "ssm:GetParametersByPath", aws("ssm", "parameter/genesys/production")],
  ["writer", "ssm:GetParametersByPath", parameter("")],
  // By all its names but one, the reconciler does its work.
  ...["", ":$LATEST", ":1", ":dry-run-2"].map(
    (qualifier): Row => ["reader", "lambda:InvokeFunction", `${RECONCILER}${qualifier}`],
  ),
  ["reader", "lambda:InvokeFunction", ROTATOR],
  ["reader", "lambda:InvokeFunction", `${ROTATOR}:dry-run`],
  ["reader", "lambda:InvokeFunction", aws("lambda", "function:genesys-na-prod-reconciler:dry-run")],
  ["reader", "lambda:UpdateAlias", RECONCILER],
  ["writer", "lambda:InvokeFunction", `${ROTATOR}:$LATEST`],
  ["reader", "kms:GetKeyPolicy", KEY, ofSecrets("na-prod")],
  ["a role in the boundary", "iam:CreateUser", `arn:aws:iam::${ACCOUNT}:user/x`],
  ["a role in the boundary", "secretsmanager:GetSecretValue", `${SECRETS}-prod/x-AbCdEf`],
  ["a role in the boundary", "secretsmanager:GetSecretValue", `${SECRETS}/x-AbCdEf`],
];

const rows = [
  ...may.map((row) => [true, row] as const),
  ...mayNot.map((row) => [false, row] as const),
];

test.each(rows.map(([allowed, row]) => [row[0], allowed ? "may" : "may not", row] as const))(
  "%s %s %j",
  async (_who, verdict, row) => {
    expect(await verdictOf(row, POLICIES)).toBe(verdict === "may");
  },
);

describe("each statement is needed", () => {
  const deletions = Object.entries(POLICIES).flatMap(([who, statements]) =>
    statements.map(({ Sid }, index) => [who, Sid, index] as const),
  );
  const bounded = new Set(["a role in the boundary"]);
  test.each(deletions.filter(([who]) => !bounded.has(who)))("%s: %s", async (who, _sid, index) => {
    const without = { ...POLICIES, [who]: POLICIES[who as Who].toSpliced(index, 1) };
    const verdicts = await Promise.all(
      rows
        .filter(([, row]) => row[0] === who)
        .map(async ([allowed, row]) => allowed === (await verdictOf(row, without))),
    );
    expect(verdicts).toContain(false);
  });
});

test.each(Object.entries(POLICIES))("all of what %s may do is known to AWS", async (_, policy) => {
  const problems = await Promise.all(policy.map(problemsOf));
  expect(problems.flat()).toEqual([]);
});

describe("the key of the secrets, by its own policy", () => {
  const as = (name: string): Principal => ({
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
    context: { "aws:PrincipalArn": role(name) },
    policies: name === "genesys-na-state-writer" ? [{ Statement: POLICIES.writer }] : [],
  });
  const writer = as("genesys-na-state-writer");
  const may = (who: Principal, action: string, policy = secretsKeyPolicy(ORG, [ACCOUNT])) =>
    isAllowed(who, { action, resource: KEY, account: ACCOUNT }, { Statement: policy });

  test("is the writer's before it has an alias, and after it lost it", async () => {
    for (const action of ["kms:CreateAlias", "kms:DescribeKey", "kms:ScheduleKeyDeletion"]) {
      expect(await may(writer, action)).toBe(true);
    }
  });

  test.each(["kms:TagResource", "kms:UntagResource", "kms:Decrypt", "kms:CreateGrant"])(
    "does not allow the writer %s",
    async (action) => expect(await may(writer, action)).toBe(false),
  );

  test("is read for a plan, and not changed", async () => {
    expect(await may(as("genesys-na-state-reader"), "kms:GetKeyPolicy")).toBe(true);
    expect(await may(as("genesys-na-state-reader"), "kms:PutKeyPolicy")).toBe(false);
  });

  test.each(["genesys-na-prod-state-writer", "genesys-na-state-unlocker", "payroll"])(
    "is closed to %s",
    async (name) => expect(await may(as(name), "kms:DescribeKey")).toBe(false),
  );

  test("names the roles that the registry has for another account", async () => {
    const [deployRole, planRole] = [role("deploy"), role("plan")];
    const aws = { account: ACCOUNT, region: "us-east-1", deployRole, planRole };
    const policy = secretsKeyPolicy(sampleOrg("na", { aws }), [ACCOUNT]);
    expect(await may(as("deploy"), "kms:CreateAlias", policy)).toBe(true);
    expect(await may(as("plan"), "kms:DescribeKey", policy)).toBe(true);
    expect(await may(as("genesys-na-state-writer"), "kms:DescribeKey", policy)).toBe(false);
  });

  test("names the roles of another account that use the state directly", async () => {
    const aws = { account: "222222222222", region: "us-east-1" };
    const [writer] = ["arn:aws:iam::222222222222:role/partner"];
    const state = { home: "home", crossAccountRoles: { writer: [writer] } };
    const registry = homeRegistry([entry("na", 1, { aws, state })], {
      trustedAccounts: ["222222222222"],
    });
    expect(secretsKeyPolicy(registry.get("na"), [ACCOUNT])[1]).toMatchObject({
      Sid: "Deploy",
      Condition: { ArnEquals: { "aws:PrincipalArn": [writer] } },
    });
  });

  test("names nobody where the registry knows nobody", () => {
    const org = sampleOrg("na", { aws: { account: "222222222222", region: "us-east-1" } });
    const sids = secretsKeyPolicy(org, [ACCOUNT]).map(({ Sid }) => Sid);
    expect(sids).toEqual(["Administer", "Read", "Write", "Describe", "Logs"]);
  });
});

test.each(["writer", "reader"] as const)("the %s may tag no key at all", (who) => {
  const actions = POLICIES[who].flatMap(({ Action = [] }) => Action);
  expect(actions.filter((action) => /^kms:(Un)?Tag/.test(action))).toEqual([]);
});

test("the boundary has room for all that the org's own functions may do", () => {
  const allowed = new Set(boundaryPolicy(ORG).flatMap(({ Action = [] }) => Action));
  const needed = [...POLICIES.rotator, ...POLICIES.reconciler, ...POLICIES.scheduler];
  expect(needed.flatMap(({ Action = [] }) => Action).filter((each) => !allowed.has(each))).toEqual(
    [],
  );
});

describe("in the account of the org's secrets", () => {
  const roles = {
    deployRole: role("deploy"),
    planRole: role("plan"),
  };

  test("an org with roles of its own there has them assumed, and nothing else", () => {
    const org = sampleOrg("na", { aws: { account: ACCOUNT, region: "us-east-1", ...roles } });
    const assumed = (resource: string) => [
      { Sid: "OrgsOwnRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [resource] },
    ];
    expect(accountPolicy(org, "writer")).toEqual(assumed(roles.deployRole));
    expect(accountPolicy(org, "reader")).toEqual(assumed(roles.planRole));
    expect(org.aws.permissionsBoundary).toBe(BOUNDARY);
  });

  test("nothing is said about a role that could make others without a boundary", () => {
    const org = sampleOrg("na", { aws: { account: "222222222222", region: "us-east-1" } });
    expect(() => deployPolicy(org)).toThrow(
      /^na: aws\.permissionsBoundary is missing\. Create an IAM policy /,
    );
  });

  test("an org whose entry says that it has no boundary gets the one it would have had", () => {
    const aws = { account: ACCOUNT, region: "us-east-1", permissionsBoundary: undefined };
    expect(sampleOrg("na", { aws }).aws.permissionsBoundary).toBe(BOUNDARY);
  });

  test("an org's alerts are for a policy of their own, since a role's inline policies are limited", () => {
    const sids = (statements: PolicyStatement[]) => statements.map(({ Sid }) => Sid);
    expect(sids(alertPolicy(ORG))).toEqual([
      "Alarms",
      "AlarmList",
      "Alerts",
      "AlertPatterns",
      "AlertTargets",
      "Dashboard",
      "AccessAlarms",
      "TrailFilters",
    ]);
    const both = [...accountPolicy(ORG, "writer"), ...alertPolicy(ORG)];
    expect(sids(both).sort()).toEqual(sids(deployPolicy(ORG)).sort());
    expect(sids(alertPolicy(sampleOrg("na")))).toEqual(["Alarms", "AlarmList"]);
  });

  test("the home's roles can do nothing in another account by themselves", () => {
    const org = sampleOrg("na", { aws: { account: "222222222222", region: "us-east-1" } });
    expect(accountPolicy(org, "writer")).toEqual([]);
    expect(alertPolicy(org)).toEqual([]);
    expect(org.aws.permissionsBoundary).toBeUndefined();
  });
});

function verdictOf(
  [who, action, resource, context]: Row,
  policies: Record<Who, PolicyStatement[]>,
) {
  const principal: Principal = {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/caller/session`,
    context: {},
    policies: [{ Statement: policies[who] }],
  };
  // KMS asks the key's own policy as well. That the secrets' key lets whoever may read a secret use
  // it is not to count here, where a boundary may forbid it: that key leaves it to the roles.
  const through = context !== undefined && "kms:ViaService" in context;
  const own = { Statement: through ? [leftToRoles()] : secretsKeyPolicy(ORG, [ACCOUNT]) };
  const keyPolicy = resource.includes(":key/") ? own : undefined;
  return isAllowed(principal, { action, resource, account: ACCOUNT, context }, keyPolicy);
}

function throughSecretsManager(): Record<string, string> {
  return { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" };
}
function leftToRoles(): object {
  const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  return { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
}
function aws(service: string, resource: string): string {
  return `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
}
function parameter(name: string): string {
  return aws("ssm", `parameter/genesys/production/na${name}`);
}
function logs(part: string, stream = ""): string {
  return aws("logs", `log-group:/aws/lambda/genesys-na-${part}${stream}`);
}

test("only the functions of an org with a network of its own need the network", async () => {
  const network = {
    subnetIds: ["subnet-0a1b2c3d"],
    securityGroupIds: ["sg-0a1b2c3d"],
    egressAddresses: ["198.51.100.7"],
  };
  const org = sampleOrg("na", { rotation: { network } });
  const allows = async (Statement: PolicyStatement[], action: string, context = {}) =>
    isAllowed(
      { arn: role("genesys-na-rotator"), context, policies: [{ Statement }] },
      { action, resource: RESOURCES[action] ?? "*", account: ACCOUNT },
    );
  const create = "ec2:CreateNetworkInterface";
  const RESOURCES: Record<string, string> = {
    [create]: `arn:aws:ec2:us-east-1:${ACCOUNT}:subnet/subnet-0a1b2c3d`,
  };
  expect(await allows(executionPolicy(org, "rotator", MASTER, KEY), create)).toBe(true);
  expect(await allows(boundaryPolicy(org), create)).toBe(true);
  const byCode = { "lambda:SourceFunctionArn": ROTATOR };
  expect(await allows(boundaryPolicy(org), create, byCode)).toBe(false);
  expect(await allows(executionPolicy(org, "rotator", MASTER, KEY), create, byCode)).toBe(false);
  expect(await allows(deployPolicy(org), "ec2:DescribeSubnets")).toBe(true);
  expect(await allows(deployPolicy(org), create)).toBe(false);
  expect(await allows(executionPolicy(ORG, "rotator", MASTER, KEY), create)).toBe(false);
  expect(await allows(deployPolicy(ORG), "ec2:DescribeSubnets")).toBe(false);
});

test.each<[string, Partial<OrgEntry>]>([
  ["Vault", {}],
  ["Secrets Manager", { vault: undefined, credentials: { source: "aws-secrets-manager" } }],
])(
  "the policies of an org with %s, the longest name, and everything, have room in AWS",
  (_, own) => {
    const org = homeRegistry([
      entry("a".repeat(32), 1, {
        ...own,
        state: { home: "home", lock: "both", ownLockTable: true },
        oauthClients: [
          { name: "crm", permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }] },
        ],
        secrets: [
          { name: "key", root: "cxone", kind: "cxone-api-key" },
          { name: "hook", kind: "webhook-secret", rotates: true },
        ],
        monitoring: {},
        rotation: {
          network: {
            subnetIds: ["subnet-0a1b2c3d"],
            securityGroupIds: ["sg-0a1b2c3d"],
            egressAddresses: ["198.51.100.7"],
          },
        },
      }),
    ]).get("a".repeat(32));
    const size = (statements: PolicyStatement[]) => policyJson(statements).length;
    // AWS's limits for all inline policies of a role, and for one managed policy.
    for (const role of ["writer", "reader"] as const) {
      const inline = size(accountPolicy(org, role)) + size(rolePolicy(org, role, KEY, KEY));
      expect(inline).toBeLessThanOrEqual(10_240);
    }
    expect(size(alertPolicy(org))).toBeLessThanOrEqual(6_144);
    expect(size(boundaryPolicy(org))).toBeLessThanOrEqual(6_144);
  },
);
