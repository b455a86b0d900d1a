import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { TerraformOutput, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import { checkClassification } from "../registry/checks/classification";
import { checkOAuthClient } from "../registry/checks/oauth-client";
import { deriveCredential } from "../registry/derive-credential";
import type { Credential, OAuthClientEntry, Org } from "../registry/model";
import { reportCredential } from "../registry/report";
import { CredentialRotation } from "../rotation/constructs/credential-rotation";
import { OrgRotation } from "../rotation/constructs/org-rotation";
import { ROTATION_FUNCTIONS, rotationRoleArnOf } from "../rotation/rotation-names";
import type { IntegrationCredential } from "../rotation/specification";
import { orgFor } from "../stack/org-of-stack";
import { checkAddresses } from "./check-addresses";
import { withoutTokens } from "./check-tokens";
import { clientGrants } from "./client-grants";
import { clientRole } from "./client-role";
import { markCreated, markSecret } from "./created-clients";
import { CredentialSecret, type StackRole } from "./credential-secret";
import { warnOfEarlierName } from "./earlier-name";
import { OnRotated, type RotatedTarget } from "./on-rotated";

/**
 * Properties of an {@link OAuthClientWithOffloadedSecret}. The items of `allowedAddresses`, `consumers`,
 * `divisions` and `roles` may be tokens, such as the ARN of a role or the id of a division of the same stack.
 */
export interface OAuthClientWithOffloadedSecretProps extends Omit<OAuthClientEntry, "broker"> {
  /**
   * The organisation that the client belongs to.
   * @default - the organisation of the stack
   */
  readonly org?: Org;
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * An OAuth client (grant CLIENT-CREDENTIALS) whose secret is stored in AWS Secrets Manager, rotates
 * automatically and never passes through Terraform. Terraform creates the client's role in Genesys
 * Cloud, the empty container of its credential with a policy for its consumers, and its rotation. The
 * first rotation creates the first client.
 *
 * The first client in a stack also creates the {@link OrgRotation} of its org.
 *
 * @throws UserError when a property breaks a rule of the registry, the org already has the client, or
 *   another stack creates the org's clients
 */
export class OAuthClientWithOffloadedSecret extends Construct {
  /** The credential with its names derived and its defaults filled in. */
  readonly client: Credential;
  /** The client's own role, with its `permissions`; undefined if it has only `roles`. */
  readonly role?: AuthRole;
  /** Container of the credential. */
  readonly secret: SecretsmanagerSecret;
  private readonly rotation: OrgRotation;
  private readonly container: CredentialSecret;
  private readonly credentialRotation: CredentialRotation;

  constructor(scope: Construct, id: string, props: OAuthClientWithOffloadedSecretProps) {
    super(scope, id);
    const { org: given, provider, ...entry } = props;
    const org = orgFor(this, given);
    checkOAuthClient(org, withoutTokens(this, entry));
    this.client = deriveCredential(org, entry);
    checkClassification(org, entry.name, this.client.classification);
    warnOfEarlierName(this, entry.classification);
    checkAddresses(this, org, this.client);
    markCreated(this, org, entry.name);
    markSecret(this, org, reportCredential(this.client));
    const { clientName, secretName, classification, consumers, permissions } = this.client;
    this.rotation = OrgRotation.of(this, org);
    this.rotation.add(this, this.client);
    this.rotation.key.admit([...consumers, ...org.breakGlassRoles]);
    if (permissions) {
      this.role = clientRole(this, "Role", { clientName, permissions, provider });
    }
    this.container = new CredentialSecret(this, "Secret", {
      secretName,
      description: `OAuth client ${clientName} of ${org.name}: ${this.client.description}`,
      classification,
      consumers,
      breakGlass: org.breakGlassRoles,
      keepers: ROTATION_FUNCTIONS.map((part) => rotationRoleArnOf(org, part)),
      writers: [rotationRoleArnOf(org, "rotator")],
      kmsKeyArn: this.rotation.key.arn,
      region: org.aws.region,
    });
    this.secret = this.container.secret;
    this.credentialRotation = new CredentialRotation(this, "Rotation", {
      rotation: this.rotation,
      client: this.client,
      secret: this.container,
      roleDivisions: clientGrants(this, this.client, this.role, provider),
    });
    const output = (name: string, value: string, description: string) =>
      new TerraformOutput(this, `Output-${name}`, { value, description }).overrideLogicalId(
        `${entry.name.replaceAll("-", "_")}_${name}`,
      );
    output(
      "secret_arn",
      this.secret.arn,
      `ARN of the secret that holds the credential ${entry.name}`,
    );
    output("secret_name", secretName, `Name of the secret that holds the credential ${entry.name}`);
    if (this.role) {
      output("role_id", this.role.id, `Id of the Genesys Cloud role of the client ${clientName}`);
    }
  }

  /**
   * Lets a role of the same stack read the credential. It changes the secret's policy and the key's
   * policy, and gives the role a policy. `consumers` is for roles that already have permissions.
   *
   * @throws UserError when the role belongs to another stack
   */
  grantRead(role: StackRole): void {
    this.container.grantRead(role);
    this.rotation.key.admit([role.arn]);
  }

  /**
   * Tells a consumer that reads the credential at its start only that there is a new value.
   *
   * @throws UserError as {@link OnRotated} does
   */
  onRotated(id: string, target: RotatedTarget): OnRotated {
    return new OnRotated(this, id, { secretName: this.client.secretName, ...target });
  }

  /**
   * Lets the rotator write the credential to an integration credential of Genesys Cloud. Use
   * {@link IntegrationCredentialFromSecret}, which calls this.
   */
  addIntegrationCredential(added: IntegrationCredential): void {
    this.credentialRotation.addIntegrationCredential(added);
  }
}
