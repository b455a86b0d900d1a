import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { dependable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { counted } from "../../counted";
import type { RoleDivision } from "../../genesys/models";
import { Policies } from "../../policies";
import { SENSITIVITIES } from "../../registry/classification";
import type { Credential } from "../../registry/model";
import { parameterNameOf } from "../rotation-names";
import type { ClientSpecification, IntegrationCredential } from "../specification";
import { clientPreconditions } from "./client-preconditions";
import type { OrgRotation } from "./org-rotation";
import { retiredBeforeDestroy } from "./retired-before-destroy";
import { waiveSlowRotation } from "./slow-rotation";

/** Properties of a {@link CredentialRotation}. */
export interface CredentialRotationProps {
  readonly rotation: OrgRotation;
  readonly client: Credential;
  /** The credential's secret, with the policy that says who may read it. */
  readonly secret: { readonly arn: string; readonly policy: ITerraformDependable };
  /** The client's roles, each in a division. */
  readonly roleDivisions: readonly RoleDivision[];
}

/**
 * The rotation of one credential. The first rotation starts at once, and creates the first client
 * for the empty secret. The construct cannot be destroyed while the credential has a client, since
 * nobody would know the remaining clients any more.
 */
export class CredentialRotation extends Construct {
  private readonly parameter: SsmParameter;
  private specification: ClientSpecification;

  constructor(scope: Construct, id: string, props: CredentialRotationProps) {
    super(scope, id);
    const { rotation, client, secret, roleDivisions } = props;
    this.specification = {
      secretArn: secret.arn,
      clientName: client.clientName,
      roleDivisions,
      accessTokenValiditySeconds: client.accessTokenValiditySeconds,
      ...classOf(client),
      ...addressesOf(rotation.addressField, client),
    };
    const precondition = clientPreconditions(client);
    this.parameter = new SsmParameter(this, "specification", {
      name: parameterNameOf(client.secretName, "specification"),
      description: `Roles, divisions and token lifetime of the OAuth client ${client.clientName}`,
      type: "String",
      // AWS chooses the tier by size, 4 or 8 KB. With a fixed tier, Terraform would delete the
      // parameter to go down again, and without it the credential's clients belong to nobody.
      tier: "Intelligent-Tiering",
      value: JSON.stringify(this.specification),
      ...(precondition.length > 0 && { lifecycle: { precondition } }),
    });
    Policies.waive(this.parameter, "CKV2_AWS_34", "it contains ids and names, and no secret");
    const rotated = new SecretsmanagerSecretRotation(this, "schedule", {
      secretId: secret.arn,
      rotationLambdaArn: rotation.rotator.function.arn,
      rotateImmediately: true,
      rotationRules: {
        // The latest date: the reconciler starts rotations earlier, so that they do not begin at once.
        // Not automaticallyAfterDays, which counts a value that was written by hand as a rotation.
        scheduleExpression: `rate(${counted(client.classification.rotationDays, "day")})`,
      },
      dependsOn: [...rotation.ready, secret.policy, this.parameter],
    });
    waiveSlowRotation(rotated, client.classification);
    retiredBeforeDestroy(this, rotation.reconciler, { credential: client.name }).dependsOn = [
      dependable(rotated),
    ];
  }

  /** Lets the rotator write the credential of each new client to an integration credential. */
  addIntegrationCredential(added: IntegrationCredential): void {
    const { integrationCredentials = [] } = this.specification;
    this.specification = {
      ...this.specification,
      integrationCredentials: [...integrationCredentials, added],
    };
    this.parameter.value = JSON.stringify(this.specification);
  }
}

const classOf = ({ classification: { sensitivity, rotationDays, owner } }: Credential) => ({
  rotationDays,
  graceDays: SENSITIVITIES[sensitivity].graceDays,
  sensitivity,
  owner,
});

const addressesOf = (
  field: string | undefined,
  { allowedAddresses: allowed }: Credential,
): Pick<ClientSpecification, "addresses"> =>
  field !== undefined && allowed ? { addresses: { field, allowed } } : {};
