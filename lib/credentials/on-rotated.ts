import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { UserError } from "../errors";
import { LABEL_EVENTS } from "../rotation/rotation-names";
import { isToken } from "../stack/tokens";
import { EcsRestart, type EcsService } from "./ecs-restart";

/** What happens when a credential has a new value: exactly one of these. */
export interface RotatedTarget {
  /** ARN of a Lambda function that is called; may be a token. */
  readonly lambda?: string;
  /** ARN of an SNS topic that gets a message; may be a token. Its policy must let EventBridge publish. */
  readonly topic?: string;
  /** A service of Amazon ECS whose tasks are replaced. */
  readonly ecs?: EcsService;
}

/** Properties of an {@link OnRotated}. */
export interface OnRotatedProps extends RotatedTarget {
  /** Name of the secret, of the stack's account and region; may be a token. */
  readonly secretName: string;
  /**
   * Name of the rule and of what belongs to it, at most 50 letters, digits and `.-_`.
   * @default - made of the construct's path
   */
  readonly name?: string;
}

/**
 * Tells a consumer that reads its credential at its start only, as soon as a new value is the current
 * one. The event has the name of the secret and the id of the version, and no value. A consumer that
 * reads at run time needs no such thing.
 *
 * The best place is the stack of the consumer. In an organisation's stack, the deploy role needs further
 * permissions for it, and the roles of a restart would need another permissions boundary.
 *
 * @throws UserError when there is not exactly one target, or a literal is not an ARN of its kind
 */
export class OnRotated extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: OnRotatedProps) {
    super(scope, id);
    const { secretName, lambda, topic, ecs } = props;
    checkTarget(this, props);
    const name = props.name ?? nameIn(this.node.path);
    this.rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `A new value of the secret ${secretName} is the current one`,
      eventPattern: JSON.stringify({
        source: [LABEL_EVENTS.source],
        "detail-type": [LABEL_EVENTS.detailType],
        detail: { name: [secretName], labelUpdated: ["AWSCURRENT"] },
      }),
    });
    const restart = ecs && new EcsRestart(this, "restart", { name, service: ecs });
    const permission =
      lambda &&
      new LambdaPermission(this, "permission", {
        functionName: lambda,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: this.rule.arn,
      });
    new CloudwatchEventTarget(this, "target", {
      rule: this.rule.name,
      arn: restart?.arn ?? lambda ?? topic ?? "",
      roleArn: restart?.startRole,
      ...(permission && { dependsOn: [permission] }),
    });
  }
}

function checkTarget({ node }: Construct, { lambda, topic, ecs }: RotatedTarget): void {
  const given = Object.entries({ lambda, topic, ecs }).filter(([, target]) => target !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none" : given.map(([kind]) => kind).join(" and ");
    throw new UserError(`${node.path}: give one of lambda, topic and ecs (found: ${found})`);
  }
  const arns = [
    ["lambda", lambda, "lambda", "a Lambda function"],
    ["topic", topic, "sns", "an SNS topic"],
    ["ecs.cluster", ecs?.cluster, "ecs", "a cluster of Amazon ECS"],
    ["ecs.service", ecs?.service, "ecs", "a service of Amazon ECS"],
  ] as const;
  for (const [path, arn, service, what] of arns) {
    if (
      arn === undefined ||
      isToken(arn) ||
      (arn.startsWith("arn:") && arn.split(":")[2] === service)
    )
      continue;
    throw new UserError(`${node.path}: ${path} is "${arn}": give the full ARN of ${what}`);
  }
}

/** EventBridge allows 64 characters, and the role of a restart has some more. */
const nameIn = (path: string): string => path.replace(/[^\w.-]+/g, "-").slice(-50);
