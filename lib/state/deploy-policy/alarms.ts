import type { Org } from "../../registry/model";
import { alarmNameOf, arnOf, ROTATION_ALARMS } from "../../rotation/rotation-names";
import { alarmsNeed } from "./named-objects";
import type { Need } from "./need";

/** Needs for the alarms. */
export const alarmNeeds = (org: Org): Need[] => [
  alarmsNeed(
    "Alarms",
    ROTATION_ALARMS.map((alarm) => arnOf(org, "cloudwatch", `alarm:${alarmNameOf(org, alarm)}`)),
  ),
  {
    // AWS checks this action against all alarms, even if the request names one.
    sid: "AlarmList",
    resources: [arnOf(org, "cloudwatch", "alarm:*")],
    read: ["cloudwatch:DescribeAlarms"],
    write: [],
  },
];
