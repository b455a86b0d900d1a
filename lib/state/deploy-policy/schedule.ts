import { isWatched } from "../../registry/managed-secret";
import type { Org } from "../../registry/model";
import {
  arnOf,
  DUE_EVENTS,
  dueRuleNameOf,
  functionArnOf,
  isTopic,
  LABEL_EVENTS,
  scheduleNameOf,
} from "../../rotation/rotation-names";
import type { Need } from "./need";

/** Needs for the schedule and the event rules. */
export const scheduleNeeds = (org: Org): Need[] => [
  {
    sid: "Schedule",
    resources: [arnOf(org, "scheduler", `schedule/default/${scheduleNameOf(org)}`)],
    read: ["scheduler:GetSchedule"],
    write: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
  },
  ...ruleNeeds(org),
];

/**
 * Needs for the event rules: for moved labels and, where the org has credentials and topics for them, for
 * reminders. A rule with another pattern would listen to the whole account. What one of the two rules may
 * have, the other one may as well: both are the org's, and so are their targets.
 */
function ruleNeeds(org: Org): Need[] {
  const topics = org.secrets.some(isWatched) ? org.rotation.alarmActions.filter(isTopic) : [];
  const rule = (name: string) => arnOf(org, "events", `rule/${name}`);
  const resources = [
    rule(scheduleNameOf(org)),
    ...(topics.length > 0 ? [rule(dueRuleNameOf(org))] : []),
  ];
  const events = [LABEL_EVENTS, ...(topics.length > 0 ? [DUE_EVENTS] : [])];
  return [
    {
      sid: "LabelRule",
      resources,
      read: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
      write: [
        "events:DeleteRule",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ],
    },
    {
      sid: "LabelPattern",
      resources,
      read: [],
      write: ["events:PutRule"],
      condition: {
        "ForAllValues:StringEquals": {
          "events:source": events.map(({ source }) => source),
          "events:detail-type": events.map(({ detailType }) => detailType),
        },
        // Without a value, all of none are equal.
        Null: { "events:source": "false", "events:detail-type": "false" },
      },
    },
    {
      sid: "LabelTarget",
      resources,
      read: [],
      write: ["events:PutTargets"],
      condition: {
        "ForAllValues:ArnEquals": {
          "events:TargetArn": [functionArnOf(org, "reconciler"), ...topics],
        },
        Null: { "events:TargetArn": "false" },
      },
    },
  ];
}
