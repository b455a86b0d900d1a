import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { Construct } from "constructs";
import { policyJson } from "../aws/policy-document";
import { secretPolicy } from "../aws/secret-policy";
import { Policies } from "../policies";
import type { ClassificationEntry } from "../registry/model";

/** Properties of a {@link CredentialSecret}. */
export interface CredentialSecretProps {
  /** `/genesys/<environment>/<project>/<credential>`. */
  readonly secretName: string;
  readonly description: string;
  /** @default - no tags of its own */
  readonly classification?: Required<ClassificationEntry>;
  /** ARNs of the IAM roles that may read the value. */
  readonly consumers: readonly string[];
  /** ARNs of the roles that look after the value, such as the rotator's. */
  readonly keepers: readonly string[];
  /**
   * KMS key of the secret. Consumers in other accounts need one: they cannot use AWS's own.
   * @default - the account's key for Secrets Manager
   */
  readonly kmsKeyArn?: string;
  /**
   * Days for which a deleted secret can be restored, and its name is taken; 0, or 7 to 30.
   * @default 30
   */
  readonly recoveryWindowInDays?: number;
}

/**
 * The container of one credential in Secrets Manager, and who may read it. It has no value: a
 * value that Terraform writes would pass through Terraform.
 */
export class CredentialSecret extends Construct {
  readonly secret: SecretsmanagerSecret;
  readonly policy: SecretsmanagerSecretPolicy;

  constructor(scope: Construct, id: string, props: CredentialSecretProps) {
    super(scope, id);
    const { classification } = props;
    this.secret = new SecretsmanagerSecret(this, "Resource", {
      name: props.secretName,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      // The longest that AWS has: a deleted credential stops a contact centre.
      recoveryWindowInDays: props.recoveryWindowInDays ?? 30,
      tags: classification && {
        sensitivity: classification.sensitivity,
        owner: classification.owner,
        "rotation-days": String(classification.rotationDays),
      },
    });
    if (!props.kmsKeyArn) {
      const why = "AWS's own key serves no other account, and the policy below says who reads";
      Policies.waive(this.secret, "CKV_AWS_149", why);
    }
    this.policy = new SecretsmanagerSecretPolicy(this, "Policy", {
      secretArn: this.secret.arn,
      policy: policyJson(secretPolicy(props.consumers, props.keepers)),
      blockPublicPolicy: true,
    });
  }

  get arn(): string {
    return this.secret.arn;
  }

  get name(): string {
    return this.secret.name;
  }
}
