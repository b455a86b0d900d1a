import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { type PolicyStatement, policyJson } from "../aws/policy-document";

/** Properties of a {@link StateKey}. */
export interface StateKeyProps {
  readonly description: string;
  /** Begins with `alias/`. */
  readonly alias: string;
  readonly policy: readonly PolicyStatement[];
}

/**
 * A KMS key for states.
 *
 * - rotated by AWS every year: Security Hub KMS.4, CKV_AWS_7, Trivy AWS-0065
 * - with a policy that limits users and uses: CKV2_AWS_64, CKV_AWS_33
 * - protected by `prevent_destroy`, and deleted only after 30 days, AWS's maximum: without the key, the
 *   states are lost (Security Hub KMS.3)
 */
export class StateKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { description, alias, policy }: StateKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyJson(policy),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { name: alias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
