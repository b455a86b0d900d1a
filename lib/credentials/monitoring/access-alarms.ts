import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Org } from "../../registry/model";
import {
  ACCESS_METRICS,
  type AccessAlarm,
  type AccessMetric,
  accessAlarmNameOf,
  accessMetricNameOf,
} from "../../registry/monitoring-names";
import { accessLimitsOf } from "./access-limits";
import type { Watched } from "./event-patterns";
import { logFilters } from "./log-filters";

/** Namespace of the metrics that CloudWatch counts in the log of a trail. */
export const ACCESS_NAMESPACE = "GenesysOrgs/Access";

const MINUTE = 60;

/** Properties of {@link AccessAlarms}. */
export interface AccessAlarmsProps {
  readonly org: Org;
  readonly watched: Watched;
  /** Name of the log group that the trail writes to, in the account and region of the secrets. */
  readonly trailLogGroup: string;
  /** ARN of the topic that the alarms call; may be a token. */
  readonly topicArn: string;
  /**
   * Number of reads in an hour above which an alarm goes off.
   * @default - by the highest sensitivity of the org's credentials
   */
  readonly mostReadsAnHour?: number;
}

/** Counts the accesses to an org's secrets, and the alarms about their number. */
export class AccessAlarms extends Construct {
  constructor(scope: Construct, id: string, props: AccessAlarmsProps) {
    super(scope, id);
    const { org, watched, trailLogGroup, topicArn } = props;
    const { band, denials, ...limits } = accessLimitsOf(org);
    const mostReads = props.mostReadsAnHour ?? limits.readsAnHour;
    const filters = logFilters(watched);
    for (const metric of ACCESS_METRICS) {
      const name = accessMetricNameOf(org, metric);
      new CloudwatchLogMetricFilter(this, metric, {
        name,
        logGroupName: trailLogGroup,
        pattern: filters[metric],
        metricTransformation: {
          namespace: ACCESS_NAMESPACE,
          name,
          value: "1",
          // Without it, a quiet hour is missing from what the anomaly band learns.
          defaultValue: "0",
          unit: "Count",
        },
      });
    }
    const alarm = (name: AccessAlarm, text: string) => ({
      alarmName: accessAlarmNameOf(org, name),
      alarmDescription: `${org.name}: ${text}`,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
    const sum = (metric: AccessMetric, period: number) => ({
      namespace: ACCESS_NAMESPACE,
      metricName: accessMetricNameOf(org, metric),
      period,
    });
    const inLog = `Look in the log group ${trailLogGroup} for events of`;
    new CloudwatchMetricAlarm(this, "reads-unusual", {
      ...alarm(
        "reads-unusual",
        `its secrets are read more often than usual. ${inLog} GetSecretValue, and for the role that reads most: a consumer may have lost its cache, or somebody collects secrets`,
      ),
      comparisonOperator: "GreaterThanUpperThreshold",
      thresholdMetricId: "usual",
      // Half an hour of the last three quarters.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      metricQuery: [
        {
          id: "reads",
          returnData: true,
          metric: { ...sum("reads", 15 * MINUTE), stat: "Sum" },
        },
        {
          id: "usual",
          expression: `ANOMALY_DETECTION_BAND(reads, ${band})`,
          label: "usual",
          returnData: true,
        },
      ],
    });
    new CloudwatchMetricAlarm(this, "reads-many", {
      ...alarm(
        "reads-many",
        `its secrets were read more than ${mostReads} times in an hour. ${inLog} GetSecretValue, and for the role that reads most. If so many are right, raise monitoring.mostReadsAnHour`,
      ),
      ...sum("reads", 60 * MINUTE),
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: mostReads,
      evaluationPeriods: 1,
    });
    new CloudwatchMetricAlarm(this, "denials-many", {
      ...alarm(
        "denials-many",
        `AWS denied ${denials} or more calls on its secrets within five minutes. ${inLog} AccessDenied: a consumer lost its permission, or somebody tries out what it may do`,
      ),
      ...sum("denials", 5 * MINUTE),
      statistic: "Sum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: denials,
      evaluationPeriods: 1,
    });
  }
}
