import { type Canary, canary, type VaultEntry, type World } from "../../world";
import type { DataSource, ProviderBehaviour, ResourceType, Session } from "../core/behaviour";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text } from "../core/value";
import { accessResources } from "./access";

/** A configured provider. */
interface VaultContext {
  readonly address: string;
  readonly entries: readonly VaultEntry[];
  /** Finds the entry with the mount and the name of a query. */
  readonly find: (query: ObjectValue) => VaultEntry | undefined;
  /** Makes up the data of an entry that is not an org's credential. */
  readonly madeUp: (mount: string, name: string) => VaultEntry["data"] | undefined;
}

/** Everything that the double knows, from the schema definitions of hashicorp/vault 5.6.0. */
export const VAULT_RESOURCES: Readonly<Record<string, ResourceType<VaultContext>>> = {
  vault_kv_secret_v2: {
    forceNew: ["mount", "name", "namespace"],
    conflicts: { data_json: ["data_json_wo"] },
    requires: { data_json_wo_version: ["data_json_wo"] },
    defaults: { delete_all_versions: false, disable_read: false },
    computed: ({ planned }) => ({ id: pathOf(planned), path: pathOf(planned) }),
  },
  ...accessResources,
};

const dataSources: Readonly<Record<string, DataSource<VaultContext>>> = {
  vault_kv_secret_v2: {
    read: (query, { address, find }) => {
      const path = pathOf(query);
      const entry = find(query);
      if (entry) return { ...answer(entry.data), path, id: path };
      throw new Refusal(`no secret found at "${path}"`, `Vault server: ${address}`);
    },
  },
  vault_generic_secret: {
    read: ({ path = null }, { address, entries }) => {
      const entry = entries.find(
        ({ address: at, mount, name }) =>
          trim(at) === trim(address) &&
          [`${mount}/${name}`, `${mount}/data/${name}`].includes(String(path)),
      );
      if (entry) return { ...answer(entry.data), id: path };
      throw new Refusal(`no secret found at "${String(path)}"`, `Vault server: ${address}`);
    },
  },
};

const ephemeralResources: Readonly<Record<string, DataSource<VaultContext>>> = {
  vault_kv_secret_v2: {
    read: (query, { find, madeUp }) => {
      const entry = find(query);
      if (entry?.deleted) return { ...answer({}), data: null, data_json: "null" };
      const data = entry
        ? versionOf(entry, query)
        : madeUp(String(query.mount), String(query.name));
      // The provider names neither the path nor the version.
      if (!data) throw new Refusal("Unable to Read Resource from Vault", "Vault response was nil");
      return ephemeralAnswer(data);
    },
  },
};

/**
 * Behaviour of the Vault provider with the entries of a world, which hold the orgs' credentials.
 * Every other entry outside of `genesys/` exists as well, with a secret that is made up.
 *
 * @param onSecret Called for every secret that is made up.
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
    rules: { resources: VAULT_RESOURCES, dataSources },
    configure: (config) => {
      const address = text(config, "address");
      if (address === undefined) {
        throw new Refusal("failed to configure Vault address", "no address is configured");
      }
      const namespace = text(config, "namespace");
      const find = (query: ObjectValue) => findEntry(entries, address, namespace, query);
      const context = { address, entries, find, madeUp };
      return session(`Vault ${address} ${namespace ?? ""}`.trim(), context);
    },
  };
}

function session(scope: string, context: VaultContext): Session {
  return {
    scope,
    computed: (object) =>
      VAULT_RESOURCES[object.type]?.computed?.(object, context) ?? nameAsId(object.planned),
    data: (type, query) => dataSources[type]?.read?.(query, context) ?? {},
    ephemeral: (type, query) => ephemeralResources[type]?.read?.(query, context) ?? {},
  };
}

function nameAsId({ name = null }: ObjectValue): ObjectValue {
  return typeof name === "string" && name !== "" ? { id: name } : {};
}

function findEntry(
  entries: readonly VaultEntry[],
  address: string,
  namespace: string | undefined,
  query: ObjectValue,
): VaultEntry | undefined {
  // A namespace argument is relative to the provider's.
  const wanted = [namespace, text(query, "namespace")].filter(Boolean).map(trim).join("/");
  return entries.find(
    (entry) =>
      trim(entry.address) === trim(address) &&
      trim(entry.namespace) === wanted &&
      entry.mount === query.mount &&
      entry.name === query.name,
  );
}

function pathOf({ mount, name }: ObjectValue): string {
  return `${String(mount)}/data/${String(name)}`;
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

/** The data of the version that a query asks for; undefined if there is no such version. */
const versionOf = (
  { data, newestVersion = Number.MAX_SAFE_INTEGER }: VaultEntry,
  { version }: ObjectValue,
): VaultEntry["data"] | undefined =>
  typeof version === "number" && version > newestVersion ? undefined : data;

/** Answer of the ephemeral resource, as of hashicorp/vault 5.0.0 to 5.9.0. */
function ephemeralAnswer(data: VaultEntry["data"]): ObjectValue {
  if (Object.values<unknown>(data).some((field) => typeof field !== "string")) {
    throw new Refusal(
      "Value Conversion Error",
      "An unexpected error was encountered trying to convert the value of a field to a string. This is always an error in the provider. Please report it to the provider developer.",
    );
  }
  // The provider marshals its own type of a map, which has no public fields.
  return { ...answer(data), data_json: "{}" };
}

function trim(path: string | undefined): string {
  return (path ?? "").replace(/^\/+|\/+$/g, "");
}
