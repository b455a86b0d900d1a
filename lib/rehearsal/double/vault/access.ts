import type { NewObject, ResourceType } from "../core/behaviour";

/** Mounts, policies and roles, from the schema definitions of hashicorp/vault 5.6.0. */
export const accessResources: Readonly<Record<string, ResourceType<unknown>>> = {
  vault_policy: { forceNew: ["name", "namespace"] },
  vault_mount: {
    forceNew: ["type", "seal_wrap", "local", "external_entropy_access", "namespace"],
    defaults: { external_entropy_access: false },
    computed: ({ planned }) => ({
      id: planned.path ?? null,
      default_lease_ttl_seconds: 0,
      max_lease_ttl_seconds: 0,
      force_no_cache: false,
      seal_wrap: false,
      audit_non_hmac_request_keys: [],
      audit_non_hmac_response_keys: [],
    }),
  },
  vault_generic_endpoint: {
    forceNew: ["path", "namespace"],
    defaults: { disable_read: false, disable_delete: false, ignore_absent_fields: false },
    computed: ({ planned }) => ({
      id: planned.path ?? null,
      // The engine answers a write with nothing.
      write_data: {},
      write_data_json: "null",
    }),
  },
  vault_kv_secret_backend_v2: {
    forceNew: ["mount", "namespace"],
    computed: ({ planned }) => ({
      id: `${String(planned.mount)}/config`,
      max_versions: 0,
      cas_required: false,
    }),
  },
  vault_jwt_auth_backend_role: {
    forceNew: ["role_name", "role_type", "backend", "namespace"],
    defaults: {
      backend: "jwt",
      token_type: "default",
      clock_skew_leeway: 0,
      expiration_leeway: 0,
      not_before_leeway: 0,
      disable_bound_claims_parsing: false,
      verbose_oidc_logging: false,
      user_claim_json_pointer: false,
    },
    computed: (object) => ({
      id: roleId(object, "role_name"),
      role_type: "jwt",
      bound_claims_type: "string",
    }),
  },
  vault_approle_auth_backend_role: {
    forceNew: ["role_name", "backend", "namespace"],
    defaults: { backend: "approle", token_type: "default", bind_secret_id: true },
    computed: (object) => ({ id: roleId(object, "role_name") }),
  },
  vault_kubernetes_auth_backend_role: {
    forceNew: ["role_name", "backend", "namespace"],
    defaults: { backend: "kubernetes", token_type: "default", audience: "" },
    computed: (object) => ({
      id: roleId(object, "role_name"),
      alias_name_source: "serviceaccount_uid",
    }),
  },
  vault_aws_auth_backend_role: {
    forceNew: ["role", "auth_type", "backend", "namespace"],
    defaults: {
      backend: "aws",
      token_type: "default",
      auth_type: "iam",
      resolve_aws_unique_ids: true,
      allow_instance_migration: false,
      disallow_reauthentication: false,
    },
    computed: (object) => ({ id: roleId(object, "role") }),
  },
};

const roleId = ({ planned }: NewObject, name: "role" | "role_name"): string =>
  `auth/${String(planned.backend)}/role/${String(planned[name])}`;
