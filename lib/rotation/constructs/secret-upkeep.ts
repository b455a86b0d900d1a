import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { counted } from "../../counted";
import { Policies } from "../../policies";
import { SENSITIVITIES } from "../../registry/classification";
import type { OrgSecret } from "../../registry/managed-secret";
import type { Org } from "../../registry/model";
import type { ManagedSecretRecord } from "../managed-secret-record";
import { parameterNameOf } from "../rotation-names";
import type { OrgRotation } from "./org-rotation";
import { waiveSlowRotation } from "./slow-rotation";

/** Properties of a {@link SecretUpkeep}. */
export interface SecretUpkeepProps {
  readonly org: Org;
  readonly rotation: OrgRotation;
  readonly secret: OrgSecret;
  /** The secret, with the policy that says who may read it. */
  readonly container: { readonly arn: string; readonly policy: ITerraformDependable };
}

/**
 * Tells the org's functions about a credential that is not an OAuth client: the reconciler reminds its
 * owner before it is due, and the rotator replaces a webhook's secret on schedule.
 */
export class SecretUpkeep extends Construct {
  constructor(scope: Construct, id: string, props: SecretUpkeepProps) {
    super(scope, id);
    const { org, rotation, secret, container } = props;
    const { kind, rotates, classification } = secret;
    const { rotationDays, owner, sensitivity } = classification;
    const record: ManagedSecretRecord = {
      secretArn: container.arn,
      kind,
      rotates,
      rotationDays,
      graceDays: SENSITIVITIES[sensitivity].graceDays,
      owner,
    };
    const parameter = new SsmParameter(this, "record", {
      // All of an org's parameters are in one folder, whatever the root of the secret is.
      name: parameterNameOf(`${org.secretPrefix}${secret.name}`, "managed"),
      description: `When the credential ${secret.name} is due, and who replaces it`,
      type: "String",
      value: JSON.stringify(record),
    });
    Policies.waive(parameter, "CKV2_AWS_34", "it contains names and days, and no secret");
    if (!rotates) return;
    const schedule = new SecretsmanagerSecretRotation(this, "schedule", {
      secretId: container.arn,
      rotationLambdaArn: rotation.rotator.function.arn,
      rotateImmediately: true,
      rotationRules: { scheduleExpression: `rate(${counted(rotationDays, "day")})` },
      dependsOn: [...rotation.ready, container.policy, parameter],
    });
    waiveSlowRotation(schedule, secret.classification);
  }
}
