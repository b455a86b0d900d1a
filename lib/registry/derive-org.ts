import { recordedKeyOf } from "./draft";
import type { Org, OrgEntry, StateHome, StateHomeEntry, StateRecord } from "./model";
import {
  derivedTagsOf,
  lockTableOf,
  oauthClientOf,
  projectOf,
  roleNamesOf,
  secretPrefixOf,
  stackIdOf,
  stateKeyOf,
  vaultEntryOf,
} from "./names";

/** A state home with its defaults. */
export function deriveHome({ storage, ...home }: StateHomeEntry): StateHome {
  return { ...home, ...(storage && { storage: { usePathStyle: true, ...storage } }) };
}

/** An org with everything that follows from its entry. The entry was checked before. */
export function deriveOrg(entry: OrgEntry, home: StateHome, record?: StateRecord): Org {
  const { name, environment, owner, vault } = entry;
  const { lock: lockMode = "s3", ownLockTable = false, key = stateKeyOf(name) } = entry.state;
  const project = projectOf(entry);
  return {
    name,
    stackId: stackIdOf(name),
    environment,
    // As the API writes it, and as Vault's entry is compared with it.
    organizationId: entry.organizationId.toLowerCase(),
    genesysRegion: entry.genesysRegion,
    project,
    owner,
    tags: { ...entry.tags, ...derivedTagsOf(entry) },
    state: {
      home,
      key,
      lockMode,
      lockTable: lockTableOf(name, home.name, lockMode, ownLockTable),
      lockId: `${home.bucket}/${key}`,
      kmsKeyArn: recordedKeyOf(record, home.name, name),
    },
    vault: {
      address: vault.address,
      namespace: vault.namespace,
      mount: vault.mount ?? "secret",
      auth: vault.auth ?? { method: "token" },
      entries: {
        deployer: vault.deployer ?? vaultEntryOf(entry, "deployer"),
        planner: vault.planner ?? vaultEntryOf(entry, "planner"),
      },
    },
    aws: entry.aws,
    provider: { tokenPoolSize: 2, ...entry.provider },
    roles: roleNamesOf(name),
    secretPrefix: secretPrefixOf(entry),
    oauthClients: (entry.oauthClients ?? []).map((client) =>
      oauthClientOf({ name, environment, owner, project }, client),
    ),
  };
}
