import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import type { Environment, Org } from "../../registry/model";
import { alertTopicArnOf, alertTopicNameOf } from "../../registry/monitoring-names";
import { alertKeyPolicy, alertTopicPolicy } from "./alert-topic-policies";

/** Properties of an {@link AlertTopic}. */
export interface AlertTopicProps {
  readonly environment: Environment;
  /** Account and region of the topic, which are those of the stack's AWS provider. */
  readonly aws: Pick<Org["aws"], "account" | "region">;
}

/**
 * The topic of the alerts of one environment, in one account and region, with a KMS key of its own:
 * `genesys-alerts-<environment>`. The orgs of the environment share it, so it belongs into a stack that none
 * of them deploys, such as that of their state home. People and systems subscribe to it by hand.
 *
 * - encrypted with a key of its own: CKV_AWS_26, SNS.1
 */
export class AlertTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, aws }: AlertTopicProps) {
    super(scope, id);
    const name = alertTopicNameOf(environment);
    const key = new KmsKey(this, "key", {
      description: `Encrypts the alerts of the environment ${environment}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyJson(alertKeyPolicy(aws)),
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: key.arn });
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyJson(alertTopicPolicy(aws, alertTopicArnOf({ environment, aws }))),
    });
    this.arn = topic.arn;
  }

  /** Returns the topic of an org's environment in a construct's stack, and creates it if it does not exist yet. */
  static of(scope: Construct, { environment, aws }: Pick<Org, "environment" | "aws">): AlertTopic {
    const stack = TerraformStack.of(scope);
    const id = `alerts-${environment}`;
    const existing = stack.node.tryFindChild(id);
    if (existing instanceof AlertTopic) return existing;
    const { account, region } = aws;
    return new AlertTopic(stack, id, { environment, aws: { account, region } });
  }
}
