import { type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { IntegrationCredential } from "../../genesyscloud/integration-credential";
import { UserError } from "../errors";
import { PLACEHOLDER } from "../policies/placeholder";
import { isToken } from "../stack/tokens";
import type { OAuthClientWithOffloadedSecret } from "./oauth-client-with-offloaded-secret";

/** Types of integration credentials that have the id and the secret of an OAuth client. */
const TYPES = ["pureCloudOAuthClient", "userDefinedOAuth"] as const;

/** Properties of an {@link IntegrationCredentialFromSecret}. */
export interface IntegrationCredentialFromSecretProps {
  /** The client whose credential the integration uses; of the same stack. */
  readonly client: OAuthClientWithOffloadedSecret;
  /** Name of the integration credential in Genesys Cloud; may be a token. */
  readonly name: string;
  /**
   * Its type. A change replaces it.
   * @default "pureCloudOAuthClient"
   */
  readonly type?: (typeof TYPES)[number];
  /**
   * Further fields, such as `loginUrl`; no secrets. Only for `userDefinedOAuth`.
   * @default - none
   */
  readonly otherFields?: Readonly<Record<string, string>>;
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * A `genesyscloud_integration_credential` with the credential of a rotated OAuth client, for
 * integrations such as data actions. Terraform creates it with placeholders, and never changes it
 * again. The rotator writes the client's id and secret before a new version becomes the current one.
 *
 * The org's master needs the permission `integrations:integration:edit`.
 *
 * @throws UserError when the client belongs to another stack, or a property is not valid
 */
export class IntegrationCredentialFromSecret extends Construct {
  readonly credential: IntegrationCredential;

  constructor(scope: Construct, id: string, props: IntegrationCredentialFromSecretProps) {
    super(scope, id);
    const { client, name, type = TYPES[0], otherFields, provider } = props;
    this.check(props);
    // An update by the provider would write the placeholders again, whatever it changes. So there is
    // none: the rotator also writes the name, and another type is another resource.
    this.credential = new IntegrationCredential(this, type, {
      name,
      credentialTypeName: type,
      fields: { ...otherFields, clientId: PLACEHOLDER, clientSecret: PLACEHOLDER },
      provider,
      lifecycle: { ignoreChanges: ["name", "credential_type_name", "fields"] },
    });
    client.addIntegrationCredential({
      id: this.credential.id,
      name,
      type,
      ...(otherFields && { fields: otherFields }),
    });
  }

  /** Its id, for the `credentials` of a `genesyscloud_integration`. */
  get id(): string {
    return this.credential.id;
  }

  private check({ client, name, type = TYPES[0], otherFields = {} }: Props): void {
    const { path } = this.node;
    const [own, other] = [TerraformStack.of(this), TerraformStack.of(client)];
    if (own !== other) {
      throw new UserError(
        `${path}: the client ${client.node.path} belongs to the stack ${other.node.id}. Create its integration credential in that stack`,
      );
    }
    if (!isToken(name) && name.trim() === "") {
      throw new UserError(`${path}: name is "${name}": give the integration credential a name`);
    }
    if (!TYPES.includes(type)) {
      throw new UserError(`${path}: type is "${type}". Use one of ${TYPES.join(", ")}`);
    }
    const wrong = Object.keys(otherFields).filter(
      (field) => type === TYPES[0] || ["clientId", "clientSecret"].includes(field),
    );
    if (wrong.length > 0) {
      const why =
        type === TYPES[0] ? `the type ${type} has no further fields` : "the rotator writes these";
      throw new UserError(`${path}: remove ${wrong.join(", ")} from otherFields: ${why}`);
    }
  }
}

type Props = IntegrationCredentialFromSecretProps;
