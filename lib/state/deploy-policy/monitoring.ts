import type { Org } from "../../registry/model";
import {
  ACCESS_ALARMS,
  ACCESS_EVENTS,
  accessAlarmNameOf,
  CLIENT_EVENT,
  dashboardNameOf,
  eventRuleNameOf,
} from "../../registry/monitoring-names";
import { partitionOf } from "../../registry/names";
import { arnOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

/** Needs for the alerts about odd accesses, and for the dashboard; none for an org without them. */
export function monitoringNeeds(org: Org): Need[] {
  if (!org.monitoring) return [];
  const { topicArn, genesysEventBus, trailLogGroup } = org.monitoring;
  const { account, region } = org.aws;
  return [
    ...ruleNeeds("Alert", {
      rules: ACCESS_EVENTS.map((event) =>
        arnOf(org, "events", `rule/${eventRuleNameOf(org, event)}`),
      ),
      source: "aws.secretsmanager",
      detailTypes: ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"],
      topicArn,
    }),
    ...(genesysEventBus === undefined
      ? []
      : ruleNeeds("ClientAlert", {
          rules: [
            arnOf(org, "events", `rule/${genesysEventBus}/${eventRuleNameOf(org, CLIENT_EVENT)}`),
          ],
          source: genesysEventBus,
          detailTypes: ["v2.audits.entitytype.{id}.entityid.{id}"],
          topicArn,
        })),
    {
      sid: "Dashboard",
      // A dashboard belongs to no region.
      resources: [
        `arn:${partitionOf(region)}:cloudwatch::${account}:dashboard/${dashboardNameOf(org)}`,
      ],
      read: ["cloudwatch:GetDashboard"],
      write: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
    },
    ...(trailLogGroup === undefined
      ? []
      : [
          {
            // AWS has no permission for one filter: whoever may change one may change all of the group.
            sid: "TrailFilters",
            resources: [trailLogGroup, `${trailLogGroup}:*`].map((group) =>
              arnOf(org, "logs", `log-group:${group}`),
            ),
            read: ["logs:DescribeMetricFilters"],
            write: ["logs:DeleteMetricFilter", "logs:PutMetricFilter"],
          },
        ]),
  ];
}

/** Returns the ARNs of the alarms about the number of accesses; none for an org without them. */
export const accessAlarmArns = (org: Org): string[] =>
  org.monitoring?.trailLogGroup === undefined
    ? []
    : ACCESS_ALARMS.map((alarm) =>
        arnOf(org, "cloudwatch", `alarm:${accessAlarmNameOf(org, alarm)}`),
      );

interface Rules {
  readonly rules: readonly string[];
  /** The only source of their events. */
  readonly source: string;
  readonly detailTypes: readonly string[];
  /** Their only target. */
  readonly topicArn: string;
}

const ruleNeeds = (sid: string, { rules, source, detailTypes, topicArn }: Rules): Need[] => [
  {
    sid: `${sid}Rules`,
    resources: rules,
    read: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
    write: [
      "events:DeleteRule",
      "events:RemoveTargets",
      "events:TagResource",
      "events:UntagResource",
    ],
  },
  {
    sid: `${sid}Patterns`,
    resources: rules,
    read: [],
    write: ["events:PutRule"],
    condition: {
      "ForAllValues:StringEquals": {
        "events:source": [source],
        "events:detail-type": detailTypes,
      },
      // Without a value, all of none are equal.
      Null: { "events:source": "false", "events:detail-type": "false" },
    },
  },
  {
    sid: `${sid}Targets`,
    resources: rules,
    read: [],
    write: ["events:PutTargets"],
    condition: {
      "ForAllValues:ArnEquals": { "events:TargetArn": [topicArn] },
      Null: { "events:TargetArn": "false" },
    },
  },
];
