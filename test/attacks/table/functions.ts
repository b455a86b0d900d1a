import { ACCOUNT, STRANGE } from "../deployment";
import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none } = context;
const labels = {
  "events:source": ["aws.secretsmanager"],
  "events:detail-type": ["Secret Label Updated"],
};

/** The event rule, the schedule, and what they start. */
export const EVENTS: Group = {
  name: "events and schedules",
  // biome-ignore format: a table
  lines: [
    ["na apply", "events:PutRule", of.rule, labels, ALLOWED, "labels of secrets"],
    ["na apply", "events:PutRule", of.rule, none, DENIED, "every event of the account"],
    ["na apply", "events:PutRule", of.rule, { ...labels, "events:source": ["aws.s3"] }, DENIED, "events of another service"],
    ["na apply", "events:PutRule", of.rule, { ...labels, "events:source": ["aws.secretsmanager", "aws.iam"] }, DENIED, "a second source"],
    ["na apply", "events:PutRule", of.rule, { ...labels, "events:detail-type": ["AWS API Call via CloudTrail"] }, DENIED, "all calls of Secrets Manager"],
    ["na apply", "events:PutRule", of.rule, { "events:source": labels["events:source"] }, DENIED, "every event of Secrets Manager"],
    ["na apply", "events:PutRule", of.othersRule, labels, DENIED, "na is not na-prod"],
    ["na apply", ["events:DeleteRule", "events:RemoveTargets"], of.payrollRule, none, DENIED, "another team's rule"],
    ["na apply", "events:PutRule", of.payrollRule, labels, DENIED, "another team's rule"],
    ["na-prod apply", ["events:DeleteRule", "events:RemoveTargets"], of.rule, none, DENIED, "another org's rule"],
    ["na-prod apply", "events:PutRule", of.rule, labels, DENIED, "another org's rule"],
    ["na plan", ["events:DeleteRule", "events:RemoveTargets"], of.rule, none, DENIED, "a plan changes nothing"],
    ["na plan", "events:PutRule", of.rule, labels, DENIED, "a plan changes nothing"],
    ["na apply", "events:PutTargets", of.rule, { "events:TargetArn": [of.reconciler] }, ALLOWED, "the reconciler"],
    ["na apply", "events:PutTargets", of.rule, { "events:TargetArn": [of.payrollFunction] }, DENIED, "another team's function"],
    ["na apply", "events:PutTargets", of.rule, { "events:TargetArn": [of.reconciler, of.payrollFunction] }, DENIED, "a second target"],
    ["na apply", "events:PutTargets", of.rule, none, DENIED, "no target is not every target"],
    ["na apply", ["events:DisableRule", "events:EnableRule"], of.rule, none, DENIED, "its stack does not need it"],
    ["na apply", ["events:PutEvents"], of.bus, none, DENIED, "it would forge events"],
    [["na rotator", "na reconciler", "na scheduler"], "events:PutRule", of.rule, labels, DENIED, "the rule is Terraform's"],
    ["na apply", ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"], of.schedule, none, ALLOWED, "its own schedule"],
    ["na apply", ["scheduler:UpdateSchedule", "scheduler:DeleteSchedule"], of.othersSchedule, none, DENIED, "na is not na-prod"],
    ["na plan", "scheduler:UpdateSchedule", of.schedule, none, DENIED, "a plan changes nothing"],
    ["EventBridge", "lambda:InvokeFunction", of.reconciler, { "aws:SourceArn": of.rule }, ALLOWED, "the org's rule"],
    ["EventBridge", "lambda:InvokeFunction", of.reconciler, { "aws:SourceArn": of.othersRule }, DENIED, "another org's rule"],
    ["EventBridge", "lambda:InvokeFunction", of.reconciler, { "aws:SourceArn": of.rule.replace(ACCOUNT, STRANGE) }, DENIED, "a rule of that name in another account"],
  ],
};

/** The code of the functions, and who calls them. */
export const FUNCTIONS: Group = {
  name: "functions",
  // biome-ignore format: a table
  lines: [
    ["na apply", ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"], of.rotator, none, ALLOWED, "docs/rotation.md: whoever applies; doctor compares the code"],
    ["na plan", ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:AddPermission"], of.rotator, none, DENIED, "a plan changes nothing"],
    ["na-prod apply", ["lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:AddPermission"], of.rotator, none, DENIED, "another org's function"],
    ["na apply", ["lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:AddPermission"], of.othersRotator, none, DENIED, "na is not na-prod"],
    ["na apply", ["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], of.payrollFunction, none, DENIED, "another team's function"],
    ["na apply", "lambda:PublishLayerVersion", of.layer, none, DENIED, "a layer would be other code"],
    ["na plan", "lambda:InvokeFunction", of.dryRun, none, ALLOWED, "it tells what the reconciler would do"],
    ["na plan", "lambda:InvokeFunction", of.reconciler, none, DENIED, "without the alias, it would retire and revoke clients"],
    ["na plan", "lambda:InvokeFunction", of.latestReconciler, none, DENIED, "without the alias, it would retire and revoke clients"],
    ["na plan", "lambda:InvokeFunction", of.otherAlias, none, DENIED, "only one alias is for dry runs"],
    ["na plan", "lambda:InvokeFunction", of.rotator, none, DENIED, "a plan starts nothing"],
    [["na plan", "na apply"], "lambda:InvokeFunction", of.rotatorsAlias, none, DENIED, "the rotator has no dry run"],
    [["na plan", "na apply"], "lambda:InvokeFunction", of.othersDryRun, none, DENIED, "na is not na-prod"],
    ["na-prod plan", "lambda:InvokeFunction", of.dryRun, none, DENIED, "another org's function"],
    ["na apply", "lambda:InvokeFunction", of.dryRun, none, ALLOWED, "it may do the work itself"],
    ["na plan", ["lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias"], of.reconciler, none, DENIED, "a plan changes nothing"],
    ["na apply", ["lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias"], of.reconciler, none, ALLOWED, "the alias is Terraform's"],
    ["na-prod apply", ["lambda:CreateAlias", "lambda:UpdateAlias"], of.reconciler, none, DENIED, "another org's function"],
    [["na scheduler", "na reconciler", "stranger", "partner plan"], "lambda:InvokeFunction", of.dryRun, none, DENIED, "it is for planners"],
    [["na rotator", "na reconciler", "na rotator, widened"], "lambda:UpdateFunctionCode", of.rotator, none, DENIED, "they do not change themselves"],
    ["na scheduler", "lambda:InvokeFunction", of.reconciler, none, ALLOWED, "its only task"],
    ["na scheduler", "lambda:InvokeFunction", of.rotator, none, DENIED, "Secrets Manager calls the rotator"],
    ["Secrets Manager", "lambda:InvokeFunction", of.rotator, { "aws:SourceArn": of.secret, "aws:SourceAccount": ACCOUNT }, ALLOWED, "a secret of the org"],
    ["Secrets Manager", "lambda:InvokeFunction", of.rotator, { "aws:SourceArn": of.othersSecret, "aws:SourceAccount": ACCOUNT }, DENIED, "another org's secret"],
    ["Secrets Manager", "lambda:InvokeFunction", of.rotator, { "aws:SourceArn": of.secret.replace(ACCOUNT, STRANGE), "aws:SourceAccount": STRANGE }, DENIED, "a secret of another account"],
    [["stranger", "partner apply", "consumer"], "lambda:InvokeFunction", of.rotator, none, DENIED, "neither Secrets Manager nor Terraform"],
    ["EC2", "lambda:InvokeFunction", of.rotator, { "aws:SourceAccount": ACCOUNT }, DENIED, "another service"],
  ],
};

/** Logs, dead letters and alarms. */
export const WATCH: Group = {
  name: "logs, queues and alarms",
  // biome-ignore format: a table
  lines: [
    ["na rotator", ["logs:CreateLogStream", "logs:PutLogEvents"], of.logStream, none, ALLOWED, "its own log"],
    ["na reconciler", "logs:PutLogEvents", of.logStream, none, DENIED, "the rotator's log"],
    [["na rotator", "na rotator, widened"], ["logs:DeleteLogStream", "logs:GetLogEvents"], of.logStream, none, DENIED, "it only writes"],
    [["na rotator", "na rotator, widened"], "logs:PutLogEvents", of.othersLogStream, none, DENIED, "na is not na-prod"],
    [["na rotator", "na rotator, widened"], "logs:DeleteLogGroup", of.logGroup, none, DENIED, "the log is Terraform's"],
    ["na apply", ["logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:DisassociateKmsKey"], of.othersLogGroup, none, DENIED, "na is not na-prod"],
    ["na-prod apply", ["logs:DeleteLogGroup", "logs:PutRetentionPolicy"], of.logGroup, none, DENIED, "another org's log"],
    ["na plan", ["logs:DeleteLogGroup", "logs:PutRetentionPolicy"], of.logGroup, none, DENIED, "a plan changes nothing"],
    [["na plan", "na apply"], "logs:GetLogEvents", of.logStream, none, DENIED, "Terraform reads no log"],
    [["na plan", "na apply"], "logs:FilterLogEvents", of.logGroup, none, DENIED, "Terraform reads no log"],
    ["na reconciler", "sqs:SendMessage", of.deadLetters, none, ALLOWED, "what it could not handle"],
    ["na rotator", "sqs:SendMessage", of.deadLetters, none, DENIED, "Secrets Manager waits for its answer"],
    [["na reconciler", "na scheduler"], "sqs:SendMessage", of.othersDeadLetters, none, DENIED, "na is not na-prod"],
    [["na reconciler", "na apply"], ["sqs:ReceiveMessage", "sqs:PurgeQueue"], of.deadLetters, none, DENIED, "dead letters are for people"],
    ["na-prod apply", ["sqs:DeleteQueue", "sqs:SetQueueAttributes"], of.deadLetters, none, DENIED, "another org's queue"],
    ["na apply", "cloudwatch:PutMetricAlarm", of.alarm, none, ALLOWED, "its own alarms"],
    ["na apply", ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"], of.othersAlarm, none, DENIED, "na is not na-prod"],
    [["na apply", "na plan", "na rotator, widened"], ["cloudwatch:DisableAlarmActions"], of.alarm, none, DENIED, "nobody silences an alarm"],
  ],
};
