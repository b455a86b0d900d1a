import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { type TerraformProvider, type TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../aws/policy-document";
import { readPolicyOf } from "../aws/read-policy";
import { secretPolicy } from "../aws/secret-policy";
import { UserError } from "../errors";
import { Policies } from "../policies";
import { SENSITIVITIES } from "../registry/classification";
import type { SecretReplicaEntry } from "../registry/managed-secret";
import type { Classification } from "../registry/model";
import { ROLE_ARN_PATTERN } from "../registry/patterns";
import { orgFor } from "../stack/org-of-stack";
import { distinctValues, preconditionsOn } from "../stack/tokens";

/** Properties of a {@link CredentialSecret}. */
export interface CredentialSecretProps {
  /** `/genesys/<environment>/<project>/<credential>`. */
  readonly secretName: string;
  readonly description: string;
  /** @default - no classification tags */
  readonly classification?: Classification;
  /** ARNs of the IAM roles that may read the value. Each may be a token. */
  readonly consumers: readonly string[];
  /**
   * ARNs of the IAM roles that may read the value in an emergency.
   * @default - none
   */
  readonly breakGlass?: readonly string[];
  /** ARNs of the roles that manage the value, such as the rotator's. */
  readonly keepers: readonly string[];
  /**
   * ARNs of the only roles that may put a value.
   * @default - every role with the permission
   */
  readonly writers?: readonly string[];
  /**
   * KMS key of the secret. Consumers in other accounts need one, since they cannot use AWS's own key.
   * @default - the account's key for Secrets Manager
   */
  readonly kmsKeyArn?: string;
  /**
   * AWS region of the secret.
   * @default - that of the stack's organisation
   */
  readonly region?: string;
  /**
   * Whether the value is replaced on schedule.
   * @default true
   */
  readonly rotates?: boolean;
  /**
   * Who replaces the value without the org's rotator. Becomes a tag, in place of the days.
   * @default - nobody
   */
  readonly rotatedElsewhere?: string;
  /**
   * Copies of the secret in other regions.
   * @default - none
   */
  readonly replicas?: readonly SecretReplicaEntry[];
  /**
   * Days for which a deleted secret can be restored; until then its name is in use. 0, or 7 to 30.
   * @default - by the classification: 7 for low, 14 for medium, 30 for the others and without one
   */
  readonly recoveryWindowInDays?: number;
}

/** An IAM role of the stack: a resource, or a data source. */
export interface StackRole extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly friendlyUniqueId: string;
  readonly provider?: TerraformProvider;
}

/**
 * The container of one credential in Secrets Manager, and its resource policy. It has no value, since
 * a value that Terraform writes would pass through Terraform.
 */
export class CredentialSecret extends Construct {
  readonly secret: SecretsmanagerSecret;
  readonly policy: SecretsmanagerSecretPolicy;
  private consumers: readonly string[];
  private readonly props: CredentialSecretProps;

  constructor(scope: Construct, id: string, props: CredentialSecretProps) {
    super(scope, id);
    this.props = props;
    this.consumers = distinctValues(this, props.consumers);
    const { classification, rotates = true, rotatedElsewhere, replicas = [] } = props;
    this.secret = new SecretsmanagerSecret(this, "Resource", {
      name: props.secretName,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays:
        props.recoveryWindowInDays ??
        // AWS's maximum, since a deleted credential stops a contact centre.
        (classification ? SENSITIVITIES[classification.sensitivity].recoveryWindowInDays : 30),
      // Not an empty list: cdktf and cdktn write it differently.
      ...(replicas.length > 0 && {
        replica: replicas.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn })),
      }),
      tags: classification && {
        sensitivity: classification.sensitivity,
        owner: classification.owner,
        ...(rotatedElsewhere === undefined
          ? { "rotation-days": String(classification.rotationDays) }
          : { "rotated-by": rotatedElsewhere }),
      },
    });
    if (!props.kmsKeyArn) {
      const why =
        "AWS's own key works for no other account, and the secret's policy limits its readers";
      Policies.waive(this.secret, "CKV_AWS_149", why);
    }
    if (!rotates) {
      Policies.waive(
        this.secret,
        "CKV2_AWS_57",
        rotatedElsewhere === undefined
          ? "nothing can rotate it automatically: its owner is reminded before it is due"
          : `${rotatedElsewhere} replaces its value`,
      );
    }
    this.policy = new SecretsmanagerSecretPolicy(this, "Policy", {
      secretArn: this.secret.arn,
      policy: this.policyDocument(),
      blockPublicPolicy: true,
      lifecycle: this.policyLifecycle(),
    });
  }

  get arn(): string {
    return this.secret.arn;
  }

  get name(): string {
    return this.secret.name;
  }

  /** ARNs of the roles that may read the value; each may be a token. */
  get readers(): readonly string[] {
    return this.consumers;
  }

  /**
   * Lets a role of the same stack read the value. The secret's policy names the role, and the role gets
   * a policy for the secret and, through Secrets Manager, the secret's key. For a role of another stack
   * or account, `consumers` names it here, and `consumerPolicy` has the policy for it there.
   *
   * @throws UserError when the role belongs to another stack
   */
  grantRead(role: StackRole): void {
    const id = `Reader-${role.friendlyUniqueId}`;
    if (this.node.tryFindChild(id)) return;
    const [own, other] = [TerraformStack.of(this), TerraformStack.of(role)];
    if (own !== other) {
      throw new UserError(
        `${this.node.path}: the role ${role.node.path} belongs to the stack ${other.node.id}. Add its ARN to consumers, and give it permissions in that stack, such as those of consumerPolicy`,
      );
    }
    this.consumers = distinctValues(this, [...this.consumers, role.arn]);
    this.policy.policy = this.policyDocument();
    this.policy.lifecycle = this.policyLifecycle();
    new IamRolePolicy(this, id, {
      // IAM allows 128 characters.
      name: this.props.secretName.slice(1).replaceAll("/", "-").slice(-128),
      role: role.name,
      provider: role.provider,
      policy: policyJson(readPolicyOf([{ arn: this.secret.arn, key: this.key() }])),
    });
  }

  private key() {
    const { kmsKeyArn, region } = this.props;
    if (kmsKeyArn === undefined) return undefined;
    return { arn: kmsKeyArn, region: region ?? orgFor(this, undefined).aws.region };
  }

  private policyDocument(): string {
    const { breakGlass, keepers, writers } = this.props;
    return policyJson(secretPolicy({ consumers: this.consumers, breakGlass, keepers, writers }));
  }

  /** Checks the consumers at apply: a token that is not a role, such as `*`, would open the secret. */
  private policyLifecycle(): TerraformResource["lifecycle"] {
    const precondition = preconditionsOn(
      this.consumers,
      ROLE_ARN_PATTERN,
      (index) =>
        `Consumer ${index + 1} of the secret ${this.props.secretName} must be the full ARN of one IAM role, without wildcards.`,
    );
    return precondition.length > 0 ? { precondition } : undefined;
  }
}
