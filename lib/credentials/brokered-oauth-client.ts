import { GenericEndpoint } from "@cdktf/provider-vault/lib/generic-endpoint";
import { Annotations, TerraformOutput, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import { checkClassification } from "../registry/checks/classification";
import { checkOAuthClient } from "../registry/checks/oauth-client";
import { deriveBrokeredClient } from "../registry/derive-brokered-client";
import type { BrokerEntry, BrokeredClient, OAuthClientEntry, Org } from "../registry/model";
import { vaultOf } from "../registry/vault-mount";
import { clientPreconditions } from "../rotation/constructs/client-preconditions";
import { orgFor } from "../stack/org-of-stack";
import { warnOfUnsentAddresses } from "./check-addresses";
import { withoutTokens } from "./check-tokens";
import { clientGrants } from "./client-grants";
import { clientRole } from "./client-role";
import { markBrokered } from "./created-clients";
import { warnOfEarlierName } from "./earlier-name";

/**
 * Properties of a {@link BrokeredOAuthClient}. The items of `allowedAddresses`, `consumers`, `divisions` and
 * `roles` may be tokens.
 */
export interface BrokeredOAuthClientProps extends Omit<OAuthClientEntry, "replaces" | "broker"> {
  /**
   * The organisation that the client belongs to.
   * @default - the organisation of the stack
   */
  readonly org?: Org;
  /**
   * How Vault brokers the client.
   * @default - access tokens, whose lease lasts an hour
   */
  readonly broker?: BrokerEntry;
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/**
 * An OAuth client (grant CLIENT-CREDENTIALS) that Vault brokers: consumers get access tokens that end with
 * their lease, or clients of their own. Terraform creates the client's role in Genesys Cloud, and writes the
 * role of Vault's secrets engine, which makes the clients; no secret passes through Terraform. The engine
 * itself is a `VaultGenesysEngine` in the org's Vault access stack.
 *
 * @throws UserError when a property breaks a rule of the registry, or the org has no Vault
 */
export class BrokeredOAuthClient extends Construct {
  /** The client with its names derived and its defaults filled in. */
  readonly client: BrokeredClient;
  /** The client's own role in Genesys Cloud, with its `permissions`; undefined if it has only `roles`. */
  readonly role?: AuthRole;
  /** Path in Vault from which consumers read an access token. */
  readonly tokenPath: string;

  constructor(scope: Construct, id: string, props: BrokeredOAuthClientProps) {
    super(scope, id);
    const { org: given, provider, ...entry } = props;
    const org = orgFor(this, given);
    const { mount } = vaultOf(org).broker;
    checkOAuthClient(org, withoutTokens(this, entry));
    this.client = deriveBrokeredClient(org, entry);
    const { name, clientName, permissions, classification } = this.client;
    checkClassification(org, name, classification);
    warnOfEarlierName(this, entry.classification);
    warnOfUnsentAddresses(this, org, this.client);
    warnIfOnlyInCode(this, org, name);
    markBrokered(this, org, name);
    if (permissions) {
      this.role = clientRole(this, "Role", { clientName, permissions, provider });
    }
    const precondition = clientPreconditions(this.client);
    this.tokenPath = `${mount}/token/${name}`;
    new GenericEndpoint(this, "EngineRole", {
      path: `${mount}/roles/${name}`,
      dataJson: JSON.stringify({
        role_divisions: clientGrants(this, this.client, this.role, provider).map(
          ({ roleId, divisionId }) => `${roleId}:${divisionId}`,
        ),
        ...settingsOf(org, this.client),
      }),
      // The engine has more fields than these.
      ignoreAbsentFields: true,
      ...(precondition.length > 0 && { lifecycle: { precondition } }),
    });
    new TerraformOutput(this, "Output-token_path", {
      value: this.tokenPath,
      description: `Path in Vault of access tokens of the client ${clientName}`,
    }).overrideLogicalId(`${name.replaceAll("-", "_")}_token_path`);
  }
}

/** The Vault access stack makes its policies from the registry. */
function warnIfOnlyInCode(scope: Construct, org: Org, name: string): void {
  if (org.brokeredClients.some((client) => client.name === name)) return;
  Annotations.of(scope).addWarning(
    `${org.name}: OAuth client ${name} is not in the registry, so VaultGenesysEngine makes no policy for its consumers: add it to oauthClients, with broker`,
  );
}

/** Returns fields of the engine's role that are known at synth. Durations are seconds. */
function settingsOf(
  { rotation }: Pick<Org, "rotation">,
  client: BrokeredClient,
): Readonly<Record<string, unknown>> {
  const { broker, accessTokenValiditySeconds, rotationDays, allowedAddresses = [] } = client;
  const areSent = rotation.allowedAddressesField !== undefined;
  return {
    token_lifetime: accessTokenValiditySeconds,
    rotation_period: rotationDays * 24 * 60 * 60,
    allowed_addresses: areSent ? [...allowedAddresses] : [],
    ttl: broker.ttlSeconds,
    max_ttl: broker.maxTtlSeconds,
    allow_creds: broker.creds,
    first_ttl: Math.min(broker.firstTtlSeconds, broker.ttlSeconds),
    most_leases: broker.mostLeases,
    delete_at_once: broker.deleteAtOnce,
  };
}
