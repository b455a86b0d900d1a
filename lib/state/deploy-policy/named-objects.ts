import type { Need } from "./need";

/** Returns the need for alarms with these ARNs. */
export const alarmsNeed = (sid: string, resources: readonly string[]): Need => ({
  sid,
  resources,
  read: ["cloudwatch:ListTagsForResource"],
  write: [
    "cloudwatch:DeleteAlarms",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:TagResource",
    "cloudwatch:UntagResource",
  ],
});

/** Returns the need for event rules with these ARNs, but for their patterns and targets. */
export const rulesNeed = (sid: string, resources: readonly string[]): Need => ({
  sid,
  resources,
  read: ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
  write: [
    "events:DeleteRule",
    "events:RemoveTargets",
    "events:TagResource",
    "events:UntagResource",
  ],
});
