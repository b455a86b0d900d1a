import { ADMINISTER_KEY } from "../../aws/key-administration";
import type { PolicyStatement } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { partitionOf } from "../../registry/names";

type Place = Pick<Org["aws"], "account" | "region">;

// EventBridge sends no context with its calls, so that a condition on the source's account would drop each
// alert in silence (EventBridge: "You can't use Condition blocks in Amazon SNS topic policies"; SNS, "Key
// management": aws:SourceAccount and aws:SourceArn are not supported for EventBridge). CloudWatch sends it.
const EVENTS = { Service: "events.amazonaws.com" };
const ALARMS = { Service: "cloudwatch.amazonaws.com" };
const ofAccount = ({ account }: Place) => ({ StringEquals: { "aws:SourceAccount": [account] } });

/** Returns the policy of a topic: alarms of its account and rules of EventBridge send alerts to it. */
export const alertTopicPolicy = (place: Place, topicArn: string): PolicyStatement[] => [
  {
    Sid: "Events",
    Effect: "Allow",
    Principal: EVENTS,
    Action: ["sns:Publish"],
    Resource: [topicArn],
  },
  {
    Sid: "Alarms",
    Effect: "Allow",
    Principal: ALARMS,
    Action: ["sns:Publish"],
    Resource: [topicArn],
    Condition: ofAccount(place),
  },
];

/** Returns the policy of the key of a topic. */
export function alertKeyPolicy(place: Place): PolicyStatement[] {
  const { account, region } = place;
  const accountItself = { AWS: [`arn:${partitionOf(region)}:iam::${account}:root`] };
  const Action = ["kms:Decrypt", "kms:GenerateDataKey*"];
  return [
    {
      Sid: "Administer",
      Effect: "Allow",
      Principal: accountItself,
      Action: ADMINISTER_KEY,
      Resource: ["*"],
    },
    { Sid: "Events", Effect: "Allow", Principal: EVENTS, Action, Resource: ["*"] },
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: ALARMS,
      Action,
      Resource: ["*"],
      Condition: ofAccount(place),
    },
    {
      // To try it out: `aws sns publish`.
      Sid: "People",
      Effect: "Allow",
      Principal: accountItself,
      Action,
      Resource: ["*"],
      Condition: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
    },
  ];
}
