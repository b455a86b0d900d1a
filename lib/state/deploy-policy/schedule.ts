import type { Org } from "../../registry/model";
import { arnOf, functionArnOf, LABEL_EVENTS, scheduleNameOf } from "../../rotation/rotation-names";
import type { Need } from "./need";

/** Needs for the schedule and the event rule that start the reconciler. */
export const scheduleNeeds = (org: Org): Need[] => [
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
      "events:RemoveTargets",
      "events:TagResource",
      "events:UntagResource",
    ],
  },
  {
    // A rule with another pattern would listen to the events of the whole account.
    sid: "LabelPattern",
    resources: [arnOf(org, "events", `rule/${scheduleNameOf(org)}`)],
    read: [],
    write: ["events:PutRule"],
    condition: {
      "ForAllValues:StringEquals": {
        "events:source": [LABEL_EVENTS.source],
        "events:detail-type": [LABEL_EVENTS.detailType],
      },
      // Without a value, all of none are equal.
      Null: { "events:source": "false", "events:detail-type": "false" },
    },
  },
  {
    sid: "LabelTarget",
    resources: [arnOf(org, "events", `rule/${scheduleNameOf(org)}`)],
    read: [],
    write: ["events:PutTargets"],
    condition: {
      "ForAllValues:ArnEquals": { "events:TargetArn": [functionArnOf(org, "reconciler")] },
      Null: { "events:TargetArn": "false" },
    },
  },
];
