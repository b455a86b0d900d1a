import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Org } from "../../registry/model";
import {
  alarmNameOf,
  deadLettersNameOf,
  functionNameOf,
  type RotationAlarmName,
} from "../rotation-names";

/** Namespace of the metrics of rotator and reconciler. */
export const NAMESPACE = "GenesysOrgs";
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The arguments of an alarm that say when it goes off. */
export type Alarm = Pick<
  CloudwatchMetricAlarmConfig,
  | "alarmDescription"
  | "namespace"
  | "metricName"
  | "dimensions"
  | "statistic"
  | "comparisonOperator"
  | "threshold"
  | "period"
  | "evaluationPeriods"
  | "treatMissingData"
>;

/** Properties of {@link RotationAlarms}. */
export interface RotationAlarmsProps {
  readonly org: Org;
  /** ARNs that the alarms call, such as the ARN of an SNS topic; each may be a token. */
  readonly alarmActions: readonly string[];
}

/** The alarms of an org's rotation. */
export class RotationAlarms extends Construct {
  constructor(scope: Construct, id: string, { org, alarmActions }: RotationAlarmsProps) {
    super(scope, id);
    for (const [name, alarm] of Object.entries(alarmsOf(org))) {
      new CloudwatchMetricAlarm(this, name, {
        alarmName: alarmNameOf(org, name as RotationAlarmName),
        ...alarm,
        ...(alarmActions.length > 0 && {
          alarmActions: [...alarmActions],
          okActions: [...alarmActions],
        }),
      });
    }
  }
}

/** Returns the alarms of an org's rotation, by the last parts of their names. */
export function alarmsOf(org: Org): Record<RotationAlarmName, Alarm> {
  const { mostClients, warnClients } = org.rotation;
  const ours = { namespace: NAMESPACE, dimensions: { Org: org.name } };
  const inLog = `the log of ${functionNameOf(org, "reconciler")} names in its warnings`;
  const above = (threshold: number) =>
    ({
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    }) as const;
  return {
    "rotation-failed": {
      alarmDescription: `${org.name}: a step of a rotation failed. Secrets Manager tries again. The log of ${functionNameOf(org, "rotator")} names the secret and the reason`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionNameOf(org, "rotator") },
      statistic: "Sum",
      period: 5 * MINUTE,
      ...above(0),
    },
    "rotation-unfinished": {
      alarmDescription: `${org.name}: the latest rotation of a credential failed, and its previous value is still the current one. Rotate the credential that ${inLog}; the log of ${functionNameOf(org, "rotator")} has the reason`,
      ...ours,
      metricName: "UnfinishedRotations",
      statistic: "Maximum",
      period: HOUR,
      ...above(0),
    },
    "rotation-off": {
      alarmDescription: `${org.name}: a credential does not rotate: its rotation is switched off, its secret is being deleted, or it has never had a value. It is the credential that ${inLog}`,
      ...ours,
      metricName: "UnrotatedCredentials",
      statistic: "Maximum",
      period: HOUR,
      ...above(0),
    },
    "rotation-overdue": {
      alarmDescription: `${org.name}: a credential is older than its class allows, also with the days of grace of its class. It is the credential that ${inLog}; see the log of ${functionNameOf(org, "rotator")}`,
      ...ours,
      metricName: "OverdueCredentials",
      statistic: "Maximum",
      period: HOUR,
      ...above(0),
    },
    "client-lost": {
      alarmDescription: `${org.name}: the client of a credential's current value has not been in the organisation for two hours. Rotate the credential that ${inLog}`,
      ...ours,
      metricName: "LostClients",
      statistic: "Minimum",
      period: HOUR,
      ...above(0),
      // A list may lag behind once.
      evaluationPeriods: 2,
    },
    "unproven-clients": {
      alarmDescription: `${org.name}: an OAuth client has the name and the description of the rotator's clients, and nothing proves that the rotator created it. Delete the client that ${inLog}, unless you know it`,
      ...ours,
      metricName: "UnprovenClients",
      statistic: "Minimum",
      period: HOUR,
      ...above(0),
      evaluationPeriods: 2,
    },
    "credential-refused": {
      alarmDescription: `${org.name}: the current value of a credential does not work: somebody deactivated its client or renewed its secret. Rotate the credential that ${inLog}, or reverse that`,
      ...ours,
      metricName: "RefusedCredentials",
      statistic: "Maximum",
      period: HOUR,
      ...above(0),
    },
    "reconciler-silent": {
      alarmDescription: `${org.name}: the reconciler has not finished for three hours. See the log of ${functionNameOf(org, "reconciler")}`,
      ...ours,
      // Of all metrics that each run sends, this one comes after the last action.
      metricName: "Actions",
      statistic: "SampleCount",
      period: HOUR,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 3,
      treatMissingData: "breaching",
    },
    clients: {
      alarmDescription: `${org.name}: the organisation has ${warnClients} OAuth clients or more. At ${mostClients}, no more are created: delete clients, or raise rotation.mostClients`,
      ...ours,
      metricName: "ClientHeadroom",
      statistic: "Minimum",
      period: HOUR,
      comparisonOperator: "LessThanOrEqualToThreshold",
      threshold: mostClients - warnClients,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    },
    "dead-letters": {
      alarmDescription: `${org.name}: a run of the reconciler was given up. See the message in the queue ${deadLettersNameOf(org)}, then the log`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLettersNameOf(org) },
      statistic: "Maximum",
      period: 5 * MINUTE,
      ...above(0),
    },
  };
}
