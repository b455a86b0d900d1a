import type { Org } from "../registry/model";
import { brokerConsumerNameOf, brokerPolicyNameOf } from "../registry/names";
import { vaultOf } from "../registry/vault-mount";
import { policyRule, type VaultPolicy, vaultPolicy } from "./policy";

/** The parts of an org that the policies of its secrets engine are made of. */
export type OrgWithBroker = Pick<Org, "name" | "vault" | "brokeredClients">;

/**
 * Returns the policy with which people configure an org's secrets engine: they read the entry with its first
 * master, and use `genesys-orgs broker configure`. They get no token and no client.
 */
export function brokerAdministratorPolicy(org: OrgWithBroker): VaultPolicy {
  const { mount, broker } = vaultOf(org);
  const name = brokerPolicyNameOf(org.name);
  return vaultPolicy(name, "people configure the secrets engine, and get no credential from it", [
    policyRule(`${mount}/data/${broker.entry}`, "read"),
    policyRule(`${broker.mount}/config`, "create", "read", "update"),
    policyRule(`${broker.mount}/config/rotate-root`, "update"),
    policyRule(`${broker.mount}/roles`, "list"),
    policyRule(`${broker.mount}/roles/+`, "read"),
    policyRule(`${broker.mount}/roles/+/rotate`, "update"),
    policyRule(`${broker.mount}/tidy`, "update"),
  ]);
}

/** Returns the policies of the consumers of an org's brokered clients, by the names of the clients. */
export const brokerConsumerPolicies = (org: OrgWithBroker): ReadonlyMap<string, VaultPolicy> =>
  new Map(org.brokeredClients.map((client) => [client.name, consumerPolicyOf(org, client)]));

function consumerPolicyOf(
  org: OrgWithBroker,
  { name: client, broker }: OrgWithBroker["brokeredClients"][number],
): VaultPolicy {
  const { mount } = vaultOf(org).broker;
  const name = brokerConsumerNameOf(org.name, client);
  return vaultPolicy(name, `consumers of ${client} get what ends with its lease`, [
    policyRule(`${mount}/token/${client}`, "read"),
    ...(broker.creds ? [policyRule(`${mount}/creds/${client}`, "read")] : []),
    // Needs the id of a lease, which only its holder has. Vault's policy `default` allows renewals.
    policyRule("sys/leases/revoke", "update"),
  ]);
}
