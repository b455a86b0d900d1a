import { AwsAuthBackendRole } from "@cdktf/provider-vault/lib/aws-auth-backend-role";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Policy } from "@cdktf/provider-vault/lib/policy";
import { Construct } from "constructs";
import { UserError } from "../../errors";
import type { Org } from "../../registry/model";
import { vaultOf } from "../../registry/vault-mount";
import { brokerAdministratorPolicy, brokerConsumerPolicies } from "../broker-policies";
import type { VaultPolicy } from "../policy";

/** Properties of a {@link VaultGenesysEngine}. */
export interface VaultGenesysEngineProps {
  readonly org: Org;
  /**
   * Name of the plugin in Vault's catalog, where an administrator registered it.
   * @default "vault-plugin-secrets-genesyscloud"
   */
  readonly plugin?: string;
  /**
   * Version of the plugin in the catalog.
   * @default - the one that the catalog has without a version
   */
  readonly pluginVersion?: string;
  /**
   * Mount of the AWS login by which the clients' `consumers` log in. It must exist. Each client gets a role
   * `genesys-<org>-consumer-<client>` for the IAM roles among its consumers.
   * @default - none: consumers log in by other roles, which are given the policies of the same names
   */
  readonly awsMount?: string;
}

/** Lifetime of a consumer's token in seconds. Leases end with it, so consumers renew it or log in again. */
const TOKEN_SECONDS = 60 * 60;
const PLUGIN = "vault-plugin-secrets-genesyscloud";

/**
 * The secrets engine of an org's brokered OAuth clients: its mount, a policy for the people who configure it
 * and one for each client's consumers. The org's stack writes the engine's roles, since it knows the ids of
 * the roles in Genesys Cloud. The engine's master never passes through Terraform: `genesys-orgs broker
 * configure <org>` writes it. A retired org keeps its mount, so that leases can end.
 *
 * @throws UserError when the org has no brokered client
 */
export class VaultGenesysEngine extends Construct {
  /** The policy of the people who configure the engine. */
  readonly administrators: VaultPolicy;
  /** The policies of the consumers, by the names of the clients. */
  readonly consumers: ReadonlyMap<string, VaultPolicy>;

  constructor(scope: Construct, id: string, props: VaultGenesysEngineProps) {
    super(scope, id);
    const { org, plugin = PLUGIN, pluginVersion, awsMount } = props;
    const { name, brokeredClients, retired } = org;
    if (brokeredClients.length === 0) {
      throw new UserError(
        `${this.node.path}: ${name} has no OAuth client with broker in the registry: leave the engine out, or give one of its oauthClients a broker`,
      );
    }
    this.administrators = brokerAdministratorPolicy(org);
    this.consumers = brokerConsumerPolicies(org);
    new Mount(this, "mount", {
      path: vaultOf(org).broker.mount,
      type: plugin,
      ...(pluginVersion !== undefined && { pluginVersion }),
      description: `OAuth clients of ${name}`,
      maxLeaseTtlSeconds: Math.max(...brokeredClients.map(({ broker }) => broker.maxTtlSeconds)),
      // Tells in the audit log which client a lease has. Ids are not secret.
      auditNonHmacResponseKeys: ["client_id", "org_id"],
      lifecycle: { preventDestroy: true },
    });
    if (retired) return;
    addPolicy(this, "administrators", this.administrators);
    for (const [client, policy] of this.consumers) addPolicy(this, client, policy);
    if (awsMount === undefined) return;
    for (const client of brokeredClients) {
      const policy = this.consumers.get(client.name) as VaultPolicy;
      const roles = client.consumers.filter((consumer) => consumer.startsWith("arn:"));
      if (roles.length === 0) continue;
      new AwsAuthBackendRole(this, `${client.name}-role`, {
        backend: awsMount,
        role: policy.name,
        authType: "iam",
        boundIamPrincipalArns: roles,
        tokenPolicies: [policy.name],
        tokenTtl: TOKEN_SECONDS,
        // Vault refuses a role whose tokens last longer than this.
        tokenMaxTtl: Math.max(TOKEN_SECONDS, client.broker.maxTtlSeconds),
        // A batch token cannot hold a lease that is renewed.
        tokenType: "service",
      });
    }
  }
}

const addPolicy = (scope: Construct, id: string, { name, text }: VaultPolicy) =>
  new Policy(scope, `${id}-policy`, { name, policy: text });
