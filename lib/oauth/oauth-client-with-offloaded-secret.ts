import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { TerraformOutput, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import { checkOAuthClient } from "../registry/check-oauth-client";
import type { OAuthClient, OAuthClientEntry, Org } from "../registry/model";
import { oauthClientOf } from "../registry/names";
import { CredentialSecret } from "../secrets/credential-secret";
import { rotatorRoleArn } from "../secrets/rotator-role";
import { checkKmsKey, checkOrgOfStack } from "./check-client";
import { clientRole } from "./client-role";

/** Properties of an {@link OAuthClientWithOffloadedSecret}. */
export interface OAuthClientWithOffloadedSecretProps extends OAuthClientEntry {
  /** The organisation that the client belongs to. */
  readonly org: Org;
  /**
   * KMS key of the secret. Consumers in other accounts need one: they cannot use AWS's own.
   * @default - the account's key for Secrets Manager
   */
  readonly kmsKeyArn?: string;
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * An OAuth client (grant CLIENT-CREDENTIALS) whose secret lives in AWS Secrets Manager and never
 * passes through Terraform. Terraform makes the role that says what the client may do, the empty
 * container of its credential, and the policy that says who may read it. Client and value are the
 * rotator's: it mints both into the container, and `specification` is what it is told.
 *
 * @throws UserError when a property breaks a rule of the registry
 */
export class OAuthClientWithOffloadedSecret extends Construct {
  /** What the client is: names derived, defaults filled in. */
  readonly client: OAuthClient;
  /** The role that the client gets. */
  readonly role: AuthRole;
  /** Container of the credential. */
  readonly secret: SecretsmanagerSecret;

  constructor(scope: Construct, id: string, props: OAuthClientWithOffloadedSecretProps) {
    super(scope, id);
    const { org, kmsKeyArn, provider, ...entry } = props;
    checkOAuthClient(org.name, entry);
    checkOrgOfStack(this, org);
    checkKmsKey(this, kmsKeyArn);
    this.client = oauthClientOf(org, entry);
    const { clientName, secretName, classification, consumers } = this.client;
    this.role = clientRole(this, "Role", {
      clientName,
      permissions: this.client.permissions,
      provider,
    });
    this.secret = new CredentialSecret(this, "Secret", {
      secretName,
      description: `OAuth client ${clientName} of ${org.name}: ${this.client.description}`,
      classification,
      consumers,
      rotatorRoleArn: rotatorRoleArn(org),
      kmsKeyArn,
    }).secret;
    const output = entry.name.replaceAll("-", "_");
    new TerraformOutput(this, "SecretArn", {
      value: this.secret.arn,
      description: `ARN of the secret that holds the credential ${entry.name}`,
    }).overrideLogicalId(`${output}_secret_arn`);
    new TerraformOutput(this, "RoleId", {
      value: this.role.id,
      description: `Id of the Genesys Cloud role of the client ${clientName}`,
    }).overrideLogicalId(`${output}_role_id`);
  }
}
