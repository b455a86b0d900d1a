import type { PolicyRule } from "../rule";

/** Data sources of the vault provider without secrets in their results. */
const HARMLESS = new Set([
  "vault_auth_backend",
  "vault_auth_backends",
  "vault_identity_entity",
  "vault_identity_group",
  "vault_namespace",
  "vault_namespaces",
  "vault_policy_document",
]);

/** Only ephemeral resources read Vault. */
export const vaultDataSource: PolicyRule = {
  id: "GO-VAULT-DATA-SOURCE",
  severity: "error",
  title: "Secrets are read from Vault by ephemeral resources only",
  reason: "Terraform stores the values of a data source in the state and in every plan file.",
  fix: "Use EphemeralVaultKvSecret. Its values may go into providers and write-only arguments.",
  *check(stack, { allowVaultDataSources }) {
    for (const source of stack.data()) {
      if (!source.type.startsWith("vault_") || HARMLESS.has(source.type)) continue;
      yield {
        at: source,
        severity: allowVaultDataSources ? "warning" : "error",
        message: `data source ${source.type} stores the values from Vault in the state`,
      };
    }
  },
};
