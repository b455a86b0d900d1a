import type { Org } from "../../registry/model";
import {
  ACCESS_ALARMS,
  accessAlarmNameOf,
  dashboardNameOf,
  eventRulePrefixOf,
} from "../../registry/monitoring-names";
import { partitionOf } from "../../registry/names";
import { arnOf } from "../../rotation/rotation-names";
import { alarmsNeed, rulesNeed } from "./named-objects";
import type { Need } from "./need";

/** Needs for the alerts about odd accesses, and for the dashboard; none for an org without them. */
export function monitoringNeeds(org: Org): Need[] {
  if (!org.monitoring) return [];
  const { trailLogGroup } = org.monitoring;
  const { account, region } = org.aws;
  return [
    ...ruleNeeds(org, org.monitoring),
    {
      sid: "Dashboard",
      // A dashboard belongs to no region.
      resources: [
        `arn:${partitionOf(region)}:cloudwatch::${account}:dashboard/${dashboardNameOf(org)}`,
      ],
      read: ["cloudwatch:GetDashboard"],
      write: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
    },
    ...(trailLogGroup === undefined ? [] : trailNeeds(org, trailLogGroup)),
  ];
}

function ruleNeeds(
  org: Org,
  { topicArn, genesysEventBus }: NonNullable<Org["monitoring"]>,
): Need[] {
  const names = `${eventRulePrefixOf(org)}*`;
  const resources = [
    arnOf(org, "events", `rule/${names}`),
    ...(genesysEventBus ? [arnOf(org, "events", `rule/${genesysEventBus}/${names}`)] : []),
  ];
  return [
    rulesNeed("Alerts", resources),
    {
      // A rule with another pattern would listen to the events of the whole account.
      sid: "AlertPatterns",
      resources,
      read: [],
      write: ["events:PutRule"],
      condition: {
        "ForAllValues:StringEquals": {
          "events:source": ["aws.secretsmanager", ...(genesysEventBus ? [genesysEventBus] : [])],
          "events:detail-type": [
            "AWS API Call via CloudTrail",
            "AWS Service Event via CloudTrail",
            ...(genesysEventBus ? ["v2.audits.entitytype.{id}.entityid.{id}"] : []),
          ],
        },
        // Without a value, all of none are equal.
        Null: { "events:source": "false", "events:detail-type": "false" },
      },
    },
    {
      sid: "AlertTargets",
      resources,
      read: [],
      write: ["events:PutTargets"],
      condition: {
        "ForAllValues:ArnEquals": { "events:TargetArn": [topicArn] },
        Null: { "events:TargetArn": "false" },
      },
    },
  ];
}

const trailNeeds = (org: Org, trailLogGroup: string): Need[] => [
  alarmsNeed(
    "AccessAlarms",
    ACCESS_ALARMS.map((alarm) =>
      arnOf(org, "cloudwatch", `alarm:${accessAlarmNameOf(org, alarm)}`),
    ),
  ),
  {
    // AWS has no permission for one filter: a role that may change one may change all of the group.
    sid: "TrailFilters",
    resources: [trailLogGroup, `${trailLogGroup}:*`].map((group) =>
      arnOf(org, "logs", `log-group:${group}`),
    ),
    read: ["logs:DescribeMetricFilters"],
    write: ["logs:DeleteMetricFilter", "logs:PutMetricFilter"],
  },
];
