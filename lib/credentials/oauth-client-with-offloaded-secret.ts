import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { TerraformOutput, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import { checkOAuthClient } from "../registry/checks/oauth-client";
import { deriveCredential } from "../registry/derive-credential";
import type { Credential, OAuthClientEntry, Org } from "../registry/model";
import { CredentialRotation } from "../rotation/constructs/credential-rotation";
import { OrgRotation } from "../rotation/constructs/org-rotation";
import { rotationRoleArnOf } from "../rotation/rotation-names";
import { checkOrgOfStack } from "./check-org-of-stack";
import { clientRole } from "./client-role";
import { CredentialSecret } from "./credential-secret";
import { homeDivisionId } from "./home-division";

/** Properties of an {@link OAuthClientWithOffloadedSecret}. */
export interface OAuthClientWithOffloadedSecretProps extends OAuthClientEntry {
  /** The organisation that the client belongs to. */
  readonly org: Org;
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * An OAuth client (grant CLIENT-CREDENTIALS) whose secret lives in AWS Secrets Manager, rotates by
 * itself and never passes through Terraform. Terraform makes the role that says what the client
 * may do, the empty container of its credential, the policy that says who may read it, and what
 * rotates it: the first rotation mints the first client.
 *
 * The first one in a stack brings the {@link OrgRotation} of its org along.
 *
 * @throws UserError when a property breaks a rule of the registry, the org has the client already, or
 *   its clients are made in another stack
 */
export class OAuthClientWithOffloadedSecret extends Construct {
  /** What the client is: names derived, defaults filled in. */
  readonly client: Credential;
  /** The role that the client gets. */
  readonly role: AuthRole;
  /** Container of the credential. */
  readonly secret: SecretsmanagerSecret;

  constructor(scope: Construct, id: string, props: OAuthClientWithOffloadedSecretProps) {
    super(scope, id);
    const { org, provider, ...entry } = props;
    checkOAuthClient(org.name, entry);
    checkOrgOfStack(this, org);
    this.client = deriveCredential(org, entry);
    const { clientName, secretName, classification, consumers, divisions } = this.client;
    const rotation = OrgRotation.of(this, org);
    rotation.add(this, this.client);
    rotation.key.admit(consumers);
    this.role = clientRole(this, "Role", {
      clientName,
      permissions: this.client.permissions,
      provider,
    });
    const secret = new CredentialSecret(this, "Secret", {
      secretName,
      description: `OAuth client ${clientName} of ${org.name}: ${this.client.description}`,
      classification,
      consumers,
      keepers: [rotationRoleArnOf(org, "rotator")],
      kmsKeyArn: rotation.key.arn,
    });
    this.secret = secret.secret;
    new CredentialRotation(this, "Rotation", {
      rotation,
      client: this.client,
      secret,
      roleDivisions: (divisions ?? [homeDivisionId(this, provider)]).map((divisionId) => ({
        roleId: this.role.id,
        divisionId,
      })),
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
    output("role_id", this.role.id, `Id of the Genesys Cloud role of the client ${clientName}`);
  }
}
