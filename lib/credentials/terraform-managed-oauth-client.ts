import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Fn, TerraformOutput, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { OauthClient } from "../../genesyscloud/oauth-client";
import { UserError } from "../errors";
import { checkClassification } from "../registry/checks/classification";
import { checkManagedOAuthClient } from "../registry/checks/oauth-client";
import { kindOfClient } from "../registry/classification";
import { TOKEN_LIFETIME } from "../registry/defaults";
import { classificationOf, rolesOf } from "../registry/derive-credential";
import type { Classification, ClassificationEntry, Org, RolePermission } from "../registry/model";
import { clientNameOf } from "../registry/names";
import { secretNameOf } from "../registry/secret-name";
import { credentialValue } from "../secret-value/credential-value";
import { orgFor } from "../stack/org-of-stack";
import { withoutTokens } from "./check-tokens";
import { clientRole } from "./client-role";
import { markCreated, markSecret } from "./created-clients";
import { CredentialSecret } from "./credential-secret";
import { warnOfEarlierName } from "./earlier-name";

/** Grants for people, who log in with a browser. */
export type InteractiveGrant = "CODE" | "TOKEN" | "SAML2BEARER" | "SAML2-BEARER";

/** Properties of a {@link TerraformManagedOAuthClient}. */
export interface TerraformManagedOAuthClientProps {
  /**
   * The organisation that the client belongs to.
   * @default - the organisation of the stack
   */
  readonly org?: Org;
  /** Name of the credential for its consumers, in kebab-case. */
  readonly name: string;
  readonly grant: InteractiveGrant | "CLIENT-CREDENTIALS";
  /**
   * URIs that Genesys Cloud may send people back to. Interactive grants require at least one.
   * @default - none
   */
  readonly redirectUris?: readonly string[];
  /**
   * OAuth scopes that people may grant to the client. Not for CLIENT-CREDENTIALS, which has
   * permissions.
   * @default - none
   */
  readonly scopes?: readonly string[];
  /**
   * Permissions of a CLIENT-CREDENTIALS client. They become a Genesys Cloud role for this client.
   * @default - none
   */
  readonly permissions?: readonly RolePermission[];
  /**
   * Lifetime of the client's access tokens in seconds, 300 to 172800.
   * @default 3600
   */
  readonly accessTokenValiditySeconds?: number;
  /**
   * Writes the client's secret to AWS Secrets Manager, and so also **to the Terraform state, in plain
   * text**, since the provider has no write-only attribute. The policy GO-OAUTH-SECRET-IN-STATE warns
   * of it.
   * @default false
   */
  readonly exposeSecretToState?: boolean;
  /** @default - by the client's permissions, with the org's owner */
  readonly classification?: ClassificationEntry;
  /**
   * Workloads that may read the secret: names of consumers of the registry, or ARNs of IAM roles. Each
   * may be a token. Only with `exposeSecretToState`.
   * @default - nobody
   */
  readonly consumers?: readonly string[];
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * An OAuth client that Terraform itself manages, for interactive grants or for a team without the
 * rotator. Its secret does not rotate. Prefer `OAuthClientWithOffloadedSecret`.
 *
 * @throws UserError when a property breaks a rule of the registry, or `consumers` is set without
 *   `exposeSecretToState`
 */
export class TerraformManagedOAuthClient extends Construct {
  readonly client: OauthClient;
  /** Container of the credential; only with `exposeSecretToState`. */
  readonly secret?: CredentialSecret;

  constructor(scope: Construct, id: string, props: TerraformManagedOAuthClientProps) {
    super(scope, id);
    const { name, provider, permissions = [], exposeSecretToState = false } = props;
    const { consumers, classification } = props;
    const org = orgFor(this, props.org);
    const checked = { name, permissions: props.permissions, consumers, classification };
    checkManagedOAuthClient(org, withoutTokens(this, checked));
    if (!exposeSecretToState && consumers?.length) {
      throw new UserError(
        `${org.name}: OAuth client ${name}: consumers is set, but the secret is not written to Secrets Manager. Use OAuthClientWithOffloadedSecret, or set exposeSecretToState: true and accept the secret in the state`,
      );
    }
    markCreated(this, org, name);
    const classified = classificationOf(org, kindOfClient(props), classification);
    checkClassification(org, name, classified);
    warnOfEarlierName(this, classification);
    const clientName = clientNameOf(org.environment, name);
    const role =
      permissions.length > 0
        ? clientRole(this, "Role", { clientName, permissions, provider })
        : undefined;
    this.client = new OauthClient(this, "Resource", {
      name: clientName,
      authorizedGrantType: props.grant,
      accessTokenValiditySeconds: props.accessTokenValiditySeconds ?? TOKEN_LIFETIME.default,
      registeredRedirectUris: props.redirectUris && [...props.redirectUris],
      scopes: props.scopes && [...props.scopes],
      roles: role && [{ roleId: role.id }],
      exposeClientSecret: exposeSecretToState || undefined,
      provider,
    });
    const output = name.replaceAll("-", "_");
    new TerraformOutput(this, "ClientId", {
      value: this.client.clientId,
      description: `Id of the OAuth client ${clientName}`,
    }).overrideLogicalId(`${output}_client_id`);
    if (exposeSecretToState) this.secret = this.offload(org, props, classified, output);
  }

  private offload(
    org: Org,
    props: TerraformManagedOAuthClientProps,
    classification: Classification,
    output: string,
  ): CredentialSecret {
    const { name, consumers = [] } = props;
    const secretName = secretNameOf(org, name);
    const kind = kindOfClient(props);
    const rotation = "by hand";
    markSecret(this, org, {
      name,
      secretName,
      kind,
      ...classification,
      consumers,
      rotation,
      key: "aws",
    });
    const secret = new CredentialSecret(this, "Secret", {
      secretName,
      description: `Credential of the Genesys Cloud OAuth client ${this.client.name} of ${org.name}`,
      classification,
      consumers: rolesOf(org.consumers, consumers),
      keepers: [],
      breakGlass: org.breakGlassRoles,
    });
    new SecretsmanagerSecretVersion(this, "SecretVersion", {
      secretId: secret.arn,
      secretStringWo: Fn.jsonencode(
        credentialValue({
          clientId: this.client.clientId,
          clientSecret: this.client.clientSecret,
          region: org.genesysRegion,
          orgId: org.organizationId,
        }),
      ),
      // Terraform cannot detect a change of a write-only value; a new client means a new version.
      secretStringWoVersion: 1,
      lifecycle: {
        replaceTriggeredBy: [
          `${this.client.terraformResourceType}.${this.client.friendlyUniqueId}.id`,
        ],
      },
    });
    new TerraformOutput(this, "SecretArn", {
      value: secret.arn,
      description: `ARN of the secret that holds the credential ${name}`,
    }).overrideLogicalId(`${output}_secret_arn`);
    return secret;
  }
}
