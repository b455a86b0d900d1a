import { UserError } from "../../errors";
import type { OAuthClient } from "../../genesys/models";
import type { PlatformApi } from "../../genesys/platform-api";
import { ApiError } from "../../http/api-error";
import type { VaultCredential } from "../../registry/model";
import type { KvStore } from "../../vault/client/kv-store";
import { askUntilKnown, isUnknown } from "../propagation";
import { prove } from "../prove";
import type { EntryRotationProps } from "./entry-rotation-props";
import { ENTRY_OVERLAP, planRetirement, type RetirementPlan } from "./plan-retirement";
import {
  type Entry,
  type EntryHistory,
  entryCalled,
  entryDescriptionOf,
  readEntry,
  withHistory,
} from "./vault-entry";

/** The state of the entries and of the organisation before anything is changed. */
export interface Survey {
  readonly api: PlatformApi;
  readonly entry: EntryHistory;
  readonly description: string;
  /** All clients of the organisation. */
  readonly clients: readonly OAuthClient[];
  readonly retirement: RetirementPlan;
}

/**
 * Reads the entries and lists the organisation's clients.
 * @throws UserError when an entry or the master is not in order
 */
export async function survey(props: EntryRotationProps): Promise<Survey> {
  const { credential, entries, place, store, org, clock, retireOnly = false } = props;
  props.onStep?.(`reading ${place.name}`);
  const master = await existing(props, "master");
  const newest = credential === "master" ? master : await existing(props, credential);
  if (credential === "master" && (org.masterVersion ?? 0) > newest.version) {
    throw new UserError(
      `rotation.masterVersion is ${org.masterVersion} in the registry, but the newest version of ${newest.path} is ${newest.version}: correct the registry`,
    );
  }
  const mastersHistory = await withHistory(store, master);
  const entry = credential === "master" ? mastersHistory : await withHistory(store, newest);
  const inUse = await clientsInUse(props, mastersHistory);
  props.onStep?.("listing the organisation's clients");
  const api = props.apiAs(master.value.client_id, master.value.client_secret);
  await proveMaster(props, api, master);
  const description = entryDescriptionOf(place, entries[credential]);
  const clients = await listClients(props, api);
  const { masterVersion = entry.version } = org;
  const isCopied = credential === "master" && org.masterVersion !== undefined;
  // The rotator has a copy of one of the masters. Only the person who applied the org's stack knows which.
  const keptFrom = !isCopied ? entry.version : retireOnly ? masterVersion : 0;
  const retirement = planRetirement({
    now: clock.now(),
    entry,
    description,
    clients,
    creators: new Set(mastersHistory.recorded.values()),
    inUse,
    keptFrom,
  });
  return { api, entry, description, clients, retirement };
}

async function existing(props: EntryRotationProps, credential: VaultCredential): Promise<Entry> {
  const { entries, place, store, org } = props;
  const path = entries[credential];
  const entry = await readEntry(store, place, path, org.id);
  if (entry) return entry;
  throw new UserError(
    `there is no entry ${path} ${place.where}, or its newest version was deleted: write the first ${credential} by hand, with client_id, client_secret and org_id`,
  );
}

/**
 * Returns the clients that must stay, with the reason. All entries may have begun with the same
 * client, so clients of the other entries are included.
 */
async function clientsInUse(
  { credential, entries, store, org, clock }: EntryRotationProps,
  master: EntryHistory,
): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  const isCopied = org.masterVersion !== undefined;
  const pinned = isCopied ? await store.read(entries.master, org.masterVersion) : undefined;
  if (typeof pinned?.value.client_id === "string") kept.set(pinned.value.client_id, ROTATOR);
  for (const other of ["master", "deployer", "planner"] as const) {
    if (other === credential) continue;
    const history = other === "master" ? master : await historyOf(store, entries[other]);
    if (!history) continue;
    // The rotator may have a copy of any master: which one is known only when a master is retired.
    const isOpen = other === "master" && isCopied;
    const reason = isOpen ? ROTATOR : `the ${other} used it until recently`;
    if (isOpen || !(clock.now() - history.since >= ENTRY_OVERLAP)) {
      for (const id of history.recorded.values()) kept.set(id, reason);
    }
    kept.set(history.value.client_id, `the ${other} uses it`);
  }
  return kept;
}

/** Reads an entry without checks, since the rotation of another entry does not depend on it. */
async function historyOf(store: KvStore, path: string): Promise<EntryHistory | undefined> {
  const newest = await store.read(path);
  return newest && withHistory(store, { path, ...newest } as Entry);
}

const ROTATOR = "the rotator may use it";

/** Proves the master before anything is created: it may belong to another organisation. */
async function proveMaster(
  { org, clock }: EntryRotationProps,
  api: PlatformApi,
  { path, version, value }: Entry,
): Promise<void> {
  const what = `version ${version} of ${entryCalled(path)}`;
  try {
    await prove({ api, clientId: value.client_id, orgId: org.id, what, clock });
  } catch (error) {
    if (!(error instanceof ApiError) || !isUnknown(error)) throw error;
    throw new UserError(`${what} does not work: ${error.message}. Write a working one by hand`);
  }
}

/** Lists all clients. The list lags behind: at first it lacks a new master that asks for it. */
export async function listClients({ clock }: EntryRotationProps, api: PlatformApi) {
  const isEarly = (error: ApiError) => isUnknown(error) || error.status === 200;
  return (await askUntilKnown(clock, () => api.oauthClients(), isEarly)) ?? [];
}
