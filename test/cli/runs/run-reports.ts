import type { StackPlan } from "../../../lib/cli/runs/plan-summary";
import type { RunReport, StackRun } from "../../../lib/cli/runs/run-report";
import { digestOf, type PlannedChange } from "../../../lib/terraform/changes/planned-changes";

/** The plan of a stack, as the parts that matter. */
export function planOf(
  org: string,
  changes: readonly PlannedChange[],
  more: Partial<StackPlan> = {},
): StackPlan {
  const digest = digestOf(changes);
  return { org, stack: `org-${org}`, changes, outputs: [], weakened: [], digest, ...more };
}

export const ALARM: PlannedChange = {
  address: "aws_cloudwatch_metric_alarm.rotation_alarms_clients",
  type: "aws_cloudwatch_metric_alarm",
  action: "create",
  attributes: [{ path: "alarm_name", after: "0a1b2c3d4e5f6071" }],
};
const PARAMETER: PlannedChange = {
  address: "aws_ssm_parameter.crm-sync_Rotation_specification",
  type: "aws_ssm_parameter",
  action: "update",
  attributes: [{ path: "value", before: "0a1b2c3d4e5f6071", after: "1a1b2c3d4e5f6071" }],
};
const QUEUE: PlannedChange = {
  address: "genesyscloud_routing_queue.support",
  type: "genesyscloud_routing_queue",
  action: "replace",
  attributes: [{ path: "division_id", before: "0a1b2c3d4e5f6071", after: "unknown" }],
};

/** What became of one stack; it was applied, unless said otherwise. */
export const stackRun = (org: string, more: Partial<StackRun> = {}): StackRun => ({
  org,
  environment: "production",
  stack: `org-${org}`,
  outcome: "applied",
  plan: planOf(org, [ALARM, PARAMETER]),
  work: [{ from: 0, to: 2.3 }],
  seconds: 2.3,
  ...more,
});

/** A run over some stacks, of 14.2 seconds. */
export const runReport = (
  stacks: readonly StackRun[],
  more: Partial<RunReport> = {},
): RunReport => ({
  version: 1,
  run: "20261129t021500z-3f9c1b2e",
  command: "deploy",
  author: { user: "ana@runner-7", arn: "arn:aws:sts::111111111111:assumed-role/deploy/ana" },
  commit: "9f2c1ab",
  started: "2026-11-29T02:15:00.000Z",
  ended: "2026-11-29T02:15:14.200Z",
  terraform: "Terraform 1.11.4",
  approval: "by hand",
  stacks,
  ...more,
});

const COUNTRIES =
  "at au be br ca ch de dk es fi fr gb ie in it jp mx nl no nz pl pt se sg us".split(" ");
const ENVIRONMENTS = ["staging", "production"] as const;

/** Fifty organisations, ten at a time; `patches` by the name of the organisation. */
export const fiftyStacks = (
  patches: Readonly<Record<string, Partial<StackRun>>> = {},
): StackRun[] =>
  ENVIRONMENTS.flatMap((environment) => COUNTRIES.map((country) => ({ environment, country }))).map(
    ({ environment, country }, index) => {
      const org = `${country}-${environment === "production" ? "prod" : "staging"}`;
      return stackRun(org, {
        environment,
        plan: planOf(org, index % 5 === 0 ? [ALARM, PARAMETER, QUEUE] : [ALARM, PARAMETER]),
        ...(index % 7 === 3 && { outcome: "unchanged" as const, plan: planOf(org, []) }),
        ...timesOf(index),
        ...patches[org],
      });
    },
  );

/** Planned at first; staging is applied before production. */
function timesOf(index: number): Pick<StackRun, "work" | "seconds"> {
  const planned = Math.floor(index / 10) * 0.5;
  const applied = (index < 25 ? 3 : 8.5) + Math.floor((index % 25) / 10) * 1.85;
  const seconds = 1.5 + (index % 4) * 0.1;
  return {
    work: [
      { from: planned, to: planned + 0.45 },
      { from: applied, to: applied + seconds },
    ],
    seconds: seconds + 0.45,
  };
}

const DENIED = `org-dk-staging: terraform apply failed:
Error: creating CloudWatch Metric Alarm (genesys-dk-staging-clients): operation error CloudWatch: PutMetricAlarm, https response error StatusCode: 403, RequestID: 5f1c, api error AccessDenied: User: arn:aws:sts::111111111111:assumed-role/genesys-dk-staging-writer/ana is not authorized to perform: cloudwatch:PutMetricAlarm

  with aws_cloudwatch_metric_alarm.rotation_alarms_clients,
  on cdk.tf.json line 210, in resource.aws_cloudwatch_metric_alarm.rotation_alarms_clients:
 210:       }`;

/** A run with every kind of trouble: 3 failed, 1 refused, 1 repeated a step. */
export const troubledRun = (): RunReport => {
  const quota = (org: string) =>
    `org-${org}: terraform apply failed:\nError: 429 Too Many Requests: the organisation ${org} has used up its API quota (c0ffee)`;
  return runReport(
    fiftyStacks({
      "dk-staging": { outcome: "failed", error: DENIED },
      "fi-prod": { outcome: "failed", error: quota("fi-prod") },
      "gb-prod": { outcome: "failed", error: quota("gb-prod") },
      "mx-prod": {
        outcome: "refused",
        differences: [
          "aws_ssm_parameter.crm-sync_Rotation_specification: tags.owner changes as well",
          "genesyscloud_routing_queue.support is replaced, and was not",
        ],
      },
      "ie-staging": {
        retries: [
          "Error: operation error S3: PutObject, https response error StatusCode: 503, SlowDown",
        ],
        seconds: 4.6,
      },
      "pt-staging": {
        plan: planOf("pt-staging", [{ ...ALARM, action: "delete", attributes: [] }], {
          weakened: [{ address: ALARM.address, control: "alarm", what: "the alarm is removed" }],
        }),
      },
    }),
    {
      approval: "reviewed",
      author: { user: "runner@fv-az1", job: "https://github.com/acme/genesys/actions/runs/123" },
    },
  );
};
