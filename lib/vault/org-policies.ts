import type { Org, OrgVaultPolicy } from "../registry/model";
import { VAULT_CREDENTIALS, vaultPolicyNameOf } from "../registry/names";
import { vaultOf } from "../registry/vault-mount";
import { policyRule, type VaultPolicy, vaultPolicy } from "./policy";

/** The parts of an org that its policies are made of. */
export type OrgInVault = Pick<Org, "name" | "vault" | "secrets" | "brokeredClients">;

/**
 * Returns the policies of an org in Vault. Each allows the least that was seen to work with a real server;
 * none reads or writes an entry of another org. The jobs also have Vault's policy `default`, which lets a
 * token look itself up.
 *
 * - `planner`: Terraform reads the planner's entry, and the roles of brokered clients.
 * - `deployer`: Terraform reads the deployer's and the master's entries, and those with the values of other
 *   secrets. It writes the roles of brokered clients, and gets nothing from their engine.
 * - `rotate`: `genesys-orgs rotate` and `doctor` read and update the three entries. They do not create them.
 * - `operators`: people list the entries and their versions, and restore a deleted version. They read no
 *   value.
 */
export function orgVaultPolicies(org: OrgInVault): Readonly<Record<OrgVaultPolicy, VaultPolicy>> {
  const { entries, skipChildToken, broker } = vaultOf(org);
  const brokerRoles = (...capabilities: readonly string[]) =>
    org.brokeredClients.length > 0 ? [policyRule(`${broker.mount}/roles/+`, ...capabilities)] : [];
  const child = skipChildToken ? [] : [CHILD_TOKEN];
  const policy = (which: OrgVaultPolicy, purpose: string, rules: readonly string[]) =>
    vaultPolicy(vaultPolicyNameOf(org.name, which), purpose, rules);
  const all = VAULT_CREDENTIALS.map((credential) => entries[credential]);
  return {
    planner: policy("planner", "Terraform plans, with the view-only credential", [
      rule(org, "data", entries.planner, "read"),
      ...brokerRoles("read"),
      ...child,
    ]),
    deployer: policy("deployer", "Terraform applies", [
      ...[entries.deployer, entries.master, ...copiedEntriesOf(org)].map((entry) =>
        rule(org, "data", entry, "read"),
      ),
      ...brokerRoles("create", "read", "update", "delete"),
      ...child,
    ]),
    rotate: policy(
      "rotate",
      "genesys-orgs rotate and doctor",
      all.map((entry) => rule(org, "data", entry, "read", "update")),
    ),
    operators: policy(
      "operators",
      "people list versions and restore a deleted one, and read no value",
      [
        ...foldersOf(all).map((folder) => rule(org, "metadata", `${folder}/`, "list")),
        ...all.map((entry) => rule(org, "metadata", entry, "read")),
        ...all.map((entry) => rule(org, "undelete", entry, "update")),
      ],
    ),
  };
}

const rule = (
  org: OrgInVault,
  part: "data" | "metadata" | "undelete",
  entry: string,
  ...capabilities: readonly string[]
): string => policyRule(`${vaultOf(org).mount}/${part}/${entry}`, ...capabilities);

/** Entries from which Terraform copies the values of other secrets. */
const copiedEntriesOf = ({ secrets }: OrgInVault): string[] => [
  ...new Set(secrets.flatMap(({ value }) => (value?.source === "vault" ? value.entry : []))),
];

/** Folders of entries. Nobody may list the root of a mount, where other orgs have their folders. */
const foldersOf = (entries: readonly string[]): string[] => [
  ...new Set(entries.map((entry) => entry.split("/").slice(0, -1).join("/")).filter(Boolean)),
];

/** Allows the provider's request for its child token (5.6.0), and nothing else: no token without a parent. */
const CHILD_TOKEN = `path "auth/token/create" {
  capabilities       = ["update"]
  allowed_parameters = {
    display_name     = ["terraform"]
    ttl              = []
    explicit_max_ttl = []
    renewable        = [false]
    num_uses         = []
    type             = [""]
    entity_alias     = [""]
  }
}`;
