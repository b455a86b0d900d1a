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
import { rulesNeed } from "./named-objects";
import type { Need } from "./need";

/** Needs for the schedule and the event rule that start the reconciler. */
export const scheduleNeeds = (org: Org): Need[] => [
  {
    sid: "Schedule",
    resources: [arnOf(org, "scheduler", `schedule/default/${scheduleNameOf(org)}`)],
    read: ["scheduler:GetSchedule"],
    write: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
  },
  ...ruleNeeds("Label", arnOf(org, "events", `rule/${scheduleNameOf(org)}`), LABEL_EVENTS, [
    functionArnOf(org, "reconciler"),
  ]),
];

/** Needs for the rule that sends reminders on, where the org has credentials and topics for them. */
export function dueNeeds(org: Org): Need[] {
  const topics = org.rotation.alarmActions.filter(isTopic);
  if (!org.secrets.some(isWatched) || topics.length === 0) return [];
  return ruleNeeds("Due", arnOf(org, "events", `rule/${dueRuleNameOf(org)}`), DUE_EVENTS, topics);
}

/** Needs for one event rule. A rule with another pattern would listen to the whole account. */
function ruleNeeds(
  sid: string,
  rule: string,
  events: { readonly source: string; readonly detailType: string },
  targets: readonly string[],
): Need[] {
  return [
    rulesNeed(`${sid}Rule`, [rule]),
    {
      sid: `${sid}Pattern`,
      resources: [rule],
      read: [],
      write: ["events:PutRule"],
      condition: {
        "ForAllValues:StringEquals": {
          "events:source": [events.source],
          "events:detail-type": [events.detailType],
        },
        // Without a value, all of none are equal.
        Null: { "events:source": "false", "events:detail-type": "false" },
      },
    },
    {
      sid: `${sid}Target`,
      resources: [rule],
      read: [],
      write: ["events:PutTargets"],
      condition: {
        "ForAllValues:ArnEquals": { "events:TargetArn": targets },
        Null: { "events:TargetArn": "false" },
      },
    },
  ];
}
