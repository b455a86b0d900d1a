import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import type { Org } from "../../registry/model";
import { isToken } from "../../stack/tokens";
import { DUE_EVENTS, dueRuleNameOf, isTopic } from "../rotation-names";

/** Properties of a {@link DueRule}. */
export interface DueRuleProps {
  readonly org: Org;
  /** ARNs that the alarms call; each may be a token. Reminders go to those that are SNS topics. */
  readonly alarmActions: readonly string[];
}

/**
 * Sends the reminders about an org's credentials to the SNS topics that its alarms notify. The policy of
 * such a topic must let `events.amazonaws.com` publish. Without a topic, a rule of your own can match the
 * events.
 */
export class DueRule extends Construct {
  constructor(scope: Construct, id: string, { org, alarmActions }: DueRuleProps) {
    super(scope, id);
    const topics = alarmActions.filter((arn) => isToken(arn) || isTopic(arn));
    if (topics.length === 0) return;
    const rule = new CloudwatchEventRule(this, "rule", {
      name: dueRuleNameOf(org),
      description: `${org.name}: reminds the owners of credentials that are due`,
      eventPattern: JSON.stringify({
        source: [DUE_EVENTS.source],
        "detail-type": [DUE_EVENTS.detailType],
        account: [org.aws.account],
        detail: { org: [org.name] },
      }),
    });
    for (const [index, arn] of topics.entries()) {
      new CloudwatchEventTarget(this, `target-${index}`, { rule: rule.name, arn });
    }
  }
}
