import type { Org } from "../../registry/model";
import { arnOf, scheduleNameOf } from "../../rotation/rotation-names";
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
      "events:PutRule",
      "events:PutTargets",
      "events:RemoveTargets",
      "events:TagResource",
      "events:UntagResource",
    ],
  },
];
