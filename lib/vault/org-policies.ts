import type { Org, OrgVaultPolicy } from "../registry/model";
import { VAULT_CREDENTIALS, vaultPolicyNameOf } from "../registry/names";
import { vaultOf } from "../registry/vault-mount";

/** A policy of Vault. */
export interface VaultPolicy {
  readonly name: string;
  /** Text of the policy, in HCL. */
  readonly text: string;
}

/** The parts of an org that its policies are made of. */
export type OrgInVault = Pick<Org, "name" | "vault" | "secrets">;

/**
 * Returns the policies of an org in Vault. Each allows the least that was seen to work with a real server;
 * none reads or writes an entry of another org. The jobs also have Vault's policy `default`, which lets a
 * token look itself up.
 *
 * - `planner`: Terraform reads the planner's entry.
 * - `deployer`: Terraform reads the deployer's and the master's entries, and those with the values of other
 *   secrets.
 * - `rotate`: `genesys-orgs rotate` and `doctor` read and update the three entries. They do not create them.
 * - `operators`: people list the entries and their versions, and restore a deleted version. They read no
 *   value.
 */
export function orgVaultPolicies(org: OrgInVault): Readonly<Record<OrgVaultPolicy, VaultPolicy>> {
  const { entries, skipChildToken } = vaultOf(org);
  const child = skipChildToken ? [] : [CHILD_TOKEN];
  const policy = (
    which: OrgVaultPolicy,
    comment: string,
    rules: readonly string[],
  ): VaultPolicy => {
    const name = vaultPolicyNameOf(org.name, which);
    return { name, text: [`# ${name}: ${comment}`, ...rules, ""].join("\n") };
  };
  const all = VAULT_CREDENTIALS.map((credential) => entries[credential]);
  return {
    planner: policy("planner", "Terraform plans, with the view-only credential", [
      rule(org, "data", entries.planner, "read"),
      ...child,
    ]),
    deployer: policy("deployer", "Terraform applies", [
      ...[entries.deployer, entries.master, ...copiedEntriesOf(org)].map((entry) =>
        rule(org, "data", entry, "read"),
      ),
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

// Names of entries and mounts have neither quotes nor wildcards: the registry checks them.
function rule(
  org: OrgInVault,
  part: "data" | "metadata" | "undelete",
  entry: string,
  ...capabilities: readonly string[]
): string {
  const allowed = capabilities.map((capability) => `"${capability}"`).join(", ");
  return `path "${vaultOf(org).mount}/${part}/${entry}" { capabilities = [${allowed}] }`;
}

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
