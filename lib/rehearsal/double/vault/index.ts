import { type Canary, canary, type VaultEntry, type World } from "../../world";
import type { ProviderBehaviour, Session } from "../core/behaviour";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text } from "../core/value";
import { vaultRules } from "./rules";

/**
 * Vault with the entries of a world, where orgs' credentials are. Whatever else one asks for is
 * there as well, with secrets that are looked for afterwards.
 *
 * @param onSecret Told of every secret that is made up.
 */
export function vaultBehaviour(
  { seed, vault: entries }: Pick<World, "seed" | "vault">,
  onSecret: (secret: Canary) => void = () => {},
): ProviderBehaviour {
  const madeUp = (mount: string, name: string): VaultEntry["data"] | undefined => {
    if (name.startsWith("genesys/")) return undefined;
    const value = canary(seed, mount, name);
    onSecret({ org: mount, credential: name, value });
    return { value, password: value };
  };
  return {
    rules: vaultRules,
    configure: (config) => {
      const address = text(config, "address");
      if (address === undefined) {
        throw new Refusal("failed to configure Vault address", "no address is configured");
      }
      return session(entries, address, text(config, "namespace"), madeUp);
    },
  };
}

function session(
  entries: readonly VaultEntry[],
  address: string,
  namespace: string | undefined,
  madeUp: (mount: string, name: string) => VaultEntry["data"] | undefined,
): Session {
  const find = (config: ObjectValue): VaultEntry | undefined => {
    // A namespace argument is relative to the provider's.
    const wanted = [namespace, text(config, "namespace")].filter(Boolean).map(trim).join("/");
    return entries.find(
      (entry) =>
        trim(entry.address) === trim(address) &&
        trim(entry.namespace) === wanted &&
        entry.mount === config.mount &&
        entry.name === config.name,
    );
  };
  const pathOf = (config: ObjectValue) => `${String(config.mount)}/data/${String(config.name)}`;
  return {
    scope: `Vault ${address} ${namespace ?? ""}`.trim(),
    ephemeral: (type, config) => {
      if (type !== "vault_kv_secret_v2") return {};
      const data = find(config)?.data ?? madeUp(String(config.mount), String(config.name));
      if (data) return answer(data);
      throw new Refusal(
        "Unable to Read Resource from Vault",
        `Vault response was nil: ${address} has no secret at "${pathOf(config)}".`,
      );
    },
    data: (type, config) => {
      if (type === "vault_generic_secret") return genericSecret(entries, address, config);
      if (type !== "vault_kv_secret_v2") return {};
      const entry = find(config);
      if (entry) return { ...answer(entry.data), path: pathOf(config), id: pathOf(config) };
      throw new Refusal(`no secret found at "${pathOf(config)}"`, `Vault server: ${address}`);
    },
    computed: ({ type, planned }): ObjectValue => {
      const path = text(planned, "mount") ? pathOf(planned) : undefined;
      switch (type) {
        case "vault_kv_secret_v2":
          return { id: path ?? null, path: path ?? null };
        case "vault_jwt_auth_backend_role":
          return {
            id: `auth/${String(planned.backend)}/role/${String(planned.role_name)}`,
            role_type: "jwt",
          };
        default:
          return text(planned, "name") ? { id: planned.name ?? null } : {};
      }
    },
  };
}

function genericSecret(
  entries: readonly VaultEntry[],
  address: string,
  config: ObjectValue,
): ObjectValue {
  const entry = entries.find(
    ({ address: at, mount, name }) =>
      trim(at) === trim(address) &&
      [`${mount}/${name}`, `${mount}/data/${name}`].includes(String(config.path)),
  );
  if (entry) return { ...answer(entry.data), id: config.path ?? null };
  throw new Refusal(`no secret found at "${String(config.path)}"`, `Vault server: ${address}`);
}

function answer(data: VaultEntry["data"]): ObjectValue {
  return {
    data: { ...data },
    data_json: JSON.stringify(data),
    created_time: "2026-01-01T00:00:00Z",
    deletion_time: "",
    destroyed: false,
    custom_metadata: {},
  };
}

function trim(path: string | undefined): string {
  return (path ?? "").replace(/^\/+|\/+$/g, "");
}
