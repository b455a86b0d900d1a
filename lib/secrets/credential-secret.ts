import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { Construct } from "constructs";
import { Policies } from "../policies";
import type { ClassificationEntry } from "../registry/model";
import { secretPolicy } from "./consumer-access";

/** Properties of a {@link CredentialSecret}. */
export interface CredentialSecretProps {
  /** `/genesys/<environment>/<project>/<credential>`. */
  readonly secretName: string;
  readonly description: string;
  readonly classification: Required<ClassificationEntry>;
  /** ARNs of the IAM roles that may read the value. */
  readonly consumers: readonly string[];
  /** ARN of the role that rotates the value. */
  readonly rotatorRoleArn: string;
  /**
   * KMS key of the secret. Consumers in other accounts need one: they cannot use AWS's own.
   * @default - the account's key for Secrets Manager
   */
  readonly kmsKeyArn?: string;
}

/**
 * The container of one credential in Secrets Manager, and who may read it. It has no value: a
 * value that Terraform writes would pass through Terraform.
 */
export class CredentialSecret extends Construct {
  readonly secret: SecretsmanagerSecret;

  constructor(scope: Construct, id: string, props: CredentialSecretProps) {
    super(scope, id);
    const { sensitivity, rotationDays, owner } = props.classification;
    this.secret = new SecretsmanagerSecret(this, "Resource", {
      name: props.secretName,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      // The longest that AWS has: a deleted credential stops a contact centre.
      recoveryWindowInDays: 30,
      tags: { sensitivity, owner, "rotation-days": String(rotationDays) },
    });
    const reason = "this version makes the container: whoever writes its value rotates it";
    Policies.waive(this.secret, "CKV2_AWS_57", reason);
    if (!props.kmsKeyArn) {
      const why = "AWS's own key serves no other account, and the policy below says who reads";
      Policies.waive(this.secret, "CKV_AWS_149", why);
    }
    new SecretsmanagerSecretPolicy(this, "Policy", {
      secretArn: this.secret.arn,
      policy: JSON.stringify(secretPolicy(props.consumers, props.rotatorRoleArn)),
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
