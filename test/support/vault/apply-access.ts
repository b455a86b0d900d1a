import type { Org, VaultAuth, VaultOrgAccessProps } from "../../../lib";
import { entry } from "../sample-org";
import { homeRegistry } from "../state-stacks";
import { vaultAccess } from "../vault-access";
import type { VaultServer } from "./vault-server";

/** Returns an org of the environment `production`, with a login to Vault. */
export const orgInVault = (name: string, auth: VaultAuth): Org =>
  homeRegistry([entry(name, 1, { vault: { address: "https://vault.example.com", auth } })]).get(
    name,
  );

type Block = Readonly<Record<string, unknown>>;

/** Resources that are a role of a login, whose arguments have the names of Vault's API. */
const ROLES = [
  "vault_jwt_auth_backend_role",
  "vault_approle_auth_backend_role",
  "vault_aws_auth_backend_role",
];

/** Writes an org's policies and roles into a real Vault, as Terraform does when it applies the stack. */
export async function applyAccess(
  vault: VaultServer,
  org: Org,
  props: Omit<VaultOrgAccessProps, "org"> = {},
): Promise<void> {
  const { resource = {} } = vaultAccess(org, props);
  const blocksOf = (type: string): Block[] => Object.values(resource[type] ?? {});
  for (const { name, policy } of blocksOf("vault_policy")) {
    await vault.must("PUT", `sys/policies/acl/${name}`, { policy });
  }
  for (const { backend, role_name, role, ...fields } of ROLES.flatMap(blocksOf)) {
    // The one argument whose name in the API is another.
    const { bound_iam_principal_arns: bound_iam_principal_arn, ...same } = fields;
    const sent = { ...same, ...(role !== undefined && { bound_iam_principal_arn }) };
    await vault.must("POST", `auth/${backend}/role/${role_name ?? role}`, sent);
  }
}
