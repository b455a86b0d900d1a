import type { ProviderRules } from "../core/rules";

/** From the schema definitions of hashicorp/vault 5.6.0. */
export const vaultRules: ProviderRules = {
  resources: {
    vault_kv_secret_v2: {
      forceNew: ["mount", "name", "namespace"],
      conflictsWith: { data_json: ["data_json_wo"] },
      requiredWith: { data_json_wo_version: ["data_json_wo"] },
      defaults: { delete_all_versions: false, disable_read: false },
    },
    vault_policy: { forceNew: ["name", "namespace"] },
    vault_jwt_auth_backend_role: {
      forceNew: ["role_name", "role_type", "backend", "namespace"],
      defaults: {
        backend: "jwt",
        clock_skew_leeway: 0,
        expiration_leeway: 0,
        not_before_leeway: 0,
        disable_bound_claims_parsing: false,
        verbose_oidc_logging: false,
        user_claim_json_pointer: false,
      },
    },
  },
};
