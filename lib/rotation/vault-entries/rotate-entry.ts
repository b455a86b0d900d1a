import { UserError } from "../../errors";
import type { OAuthClient, OAuthClientRequest } from "../../genesys/models";
import { type PlatformApi, withoutReadOnly } from "../../genesys/platform-api";
import type { Clock } from "../../http/clock";
import { ApiError } from "../../http/errors";
import type { VaultCredential } from "../../registry/model";
import { CasMismatchError, type KvStore, NotWrittenError } from "../../vault/client/kv-store";
import { type Action, actionOn, discard, execute } from "../action";
import { askUntilKnown, isUnknown } from "../propagation";
import { prove } from "../prove";
import { sameGrants } from "../same-grants";
import {
  type Entry,
  type EntryHistory,
  entryDescriptionOf,
  readEntry,
  successorNameOf,
  type VaultPlace,
  withHistory,
} from "./entry";
import { ENTRY_OVERLAP, planRetirement, type Waiting } from "./plan-retirement";

/** Which entry is to be rotated, and what that needs. */
export interface EntryRotationProps {
  readonly credential: VaultCredential;
  /** Paths of the org's three entries below the mount. */
  readonly entries: Readonly<Record<VaultCredential, string>>;
  readonly place: VaultPlace;
  readonly store: KvStore;
  /** The Platform API as a client of the org. */
  readonly apiAs: (clientId: string, clientSecret: string) => PlatformApi;
  readonly org: {
    /** The organisation's id in Genesys Cloud. */
    readonly id: string;
    /** Version of the entry `master` that the registry says the org's stack has. */
    readonly masterVersion: number;
    /** Clients that the organisation may have; none is made above. */
    readonly mostClients: number;
  };
  readonly clock: Clock;
  /**
   * Milliseconds that the credential has to be old, or no other is made.
   * @default - another is made
   */
  readonly ifOlderThan?: number;
  /**
   * Whether only clients of before are looked after. Of `master` that says that the org's stack was
   * applied with the version that the registry names.
   * @default false
   */
  readonly retireOnly?: boolean;
  /**
   * Whether nothing is changed.
   * @default false
   */
  readonly dryRun?: boolean;
  /** Stops before the next thing that is changed; what was begun is ended or undone. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

/** What was done, or would be. */
export interface EntryRotation {
  /** The entry's newest version before, and now. */
  readonly before: number;
  readonly version: number;
  /** Since when the entry had the credential that it had before. Milliseconds since 1970. */
  readonly since: number;
  /** Whether another credential was made, or would be. */
  readonly rotated: boolean;
  /** The client that was made. */
  readonly client?: { readonly id: string; readonly name: string };
  /** What was done with clients of before. */
  readonly actions: readonly Action[];
  /** Clients of before that stay for now. */
  readonly waiting: readonly Waiting[];
}

/**
 * Gives an entry another client, by the org's master, and looks after those that it had before. The
 * entry's newest version works at every moment, and after a crash the same again goes on.
 *
 * @throws Error without a secret in it; the entry is as it was then, or has a version that works
 */
export async function rotateEntry(props: EntryRotationProps): Promise<EntryRotation> {
  const { credential, clock, dryRun = false, retireOnly = false, ifOlderThan } = props;
  const seen = await look(props);
  const { entry, retirement, unwritten } = seen;
  const isDue = ifOlderThan === undefined || clock.now() - entry.since >= ifOlderThan;
  const rotates = isDue && !retireOnly;
  const stale = rotates
    ? unwritten.map((client) => actionOn(client, "deactivate", "its rotation was not finished"))
    : [];
  const outcome = {
    before: entry.version,
    version: entry.version,
    since: entry.since,
    rotated: rotates,
    actions: [...retirement.actions, ...stale],
    waiting: retirement.waiting,
  };
  if (dryRun) return outcome;
  await retire(props, seen.api, retirement.actions);
  if (!rotates) return outcome;
  const fenced = stale.length > 0 ? await fence(props, entry) : entry.version;
  await retire(props, seen.api, stale);
  props.onStep?.(`making another client for ${credential}`);
  const client = await mint(props, seen, fenced);
  return { ...outcome, version: fenced + 1, client: { id: client.id, name: client.name } };
}

interface Seen {
  readonly api: PlatformApi;
  readonly entry: EntryHistory;
  readonly description: string;
  /** All clients of the organisation. */
  readonly clients: readonly OAuthClient[];
  readonly retirement: Pick<ReturnType<typeof planRetirement>, "actions" | "waiting">;
  readonly unwritten: readonly OAuthClient[];
}

async function look(props: EntryRotationProps): Promise<Seen> {
  const { credential, entries, place, store, org, clock, retireOnly = false } = props;
  props.onStep?.("reading Vault");
  const master = await existing(props, "master");
  const newest = credential === "master" ? master : await existing(props, credential);
  if (credential === "master" && org.masterVersion > newest.version) {
    throw new UserError(
      `rotation.masterVersion is ${org.masterVersion} in the registry, and the newest version of ${newest.path} is ${newest.version}: correct the registry`,
    );
  }
  const mastersHistory = await withHistory(store, master);
  const entry = credential === "master" ? mastersHistory : await withHistory(store, newest);
  const inUse = await clientsInUse(props, mastersHistory);
  props.onStep?.("looking at the organisation's clients");
  const api = props.apiAs(master.value.client_id, master.value.client_secret);
  await proveMaster(props, api, master);
  const description = entryDescriptionOf(place, entries[credential]);
  const clients = await listClients(props, api);
  // Of the master's, the rotator has one: only who applied the org's stack knows that it has another.
  const keptFrom = credential !== "master" ? entry.version : retireOnly ? org.masterVersion : 0;
  const { unwritten, ...retirement } = planRetirement({
    now: clock.now(),
    entry,
    description,
    clients,
    inUse,
    keptFrom,
  });
  return { api, entry, description, clients, retirement, unwritten };
}

async function existing(props: EntryRotationProps, credential: VaultCredential): Promise<Entry> {
  const { entries, place, store, org } = props;
  const path = entries[credential];
  const entry = await readEntry(store, path, org.id);
  if (entry) return entry;
  throw new UserError(
    `there is no entry ${path} below ${place.mount} at ${place.address}, or its newest version was deleted: write the first ${credential} by hand, with client_id, client_secret and org_id`,
  );
}

/**
 * Clients that stay whatever the entry says, with the reason: entries may have begun with one client
 * for all.
 */
async function clientsInUse(
  { credential, entries, store, org, clock }: EntryRotationProps,
  master: EntryHistory,
): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  const pinned = await store.read(entries.master, org.masterVersion);
  if (typeof pinned?.value.client_id === "string") kept.set(pinned.value.client_id, ROTATOR);
  for (const other of ["master", "deployer", "planner"] as const) {
    if (other === credential) continue;
    const history = other === "master" ? master : await historyOf(store, entries[other]);
    if (!history) continue;
    // Which of its masters the rotator has is only known when a master is retired.
    const reason = other === "master" ? ROTATOR : `the ${other} had it until now`;
    if (other === "master" || !(clock.now() - history.since >= ENTRY_OVERLAP)) {
      for (const id of history.recorded.values()) kept.set(id, reason);
    }
    kept.set(history.value.client_id, `the ${other} has it`);
  }
  return kept;
}

/** Of an entry that need not be as it should: another one's rotation does not depend on it. */
async function historyOf(store: KvStore, path: string): Promise<EntryHistory | undefined> {
  const newest = await store.read(path);
  return newest && withHistory(store, { path, ...newest } as Entry);
}

const ROTATOR = "the rotator may have it";

/** Before anything is made: it could be in another organisation. */
async function proveMaster(
  { org, clock }: EntryRotationProps,
  api: PlatformApi,
  { path, version, value }: Entry,
): Promise<void> {
  const what = `version ${version} of the Vault entry ${path}`;
  try {
    await prove({ api, clientId: value.client_id, orgId: org.id, what, clock });
  } catch (error) {
    if (!(error instanceof ApiError) || !isUnknown(error)) throw error;
    throw new UserError(`${what} does not work: ${error.message}. Write one that does by hand`);
  }
}

/** The list lags behind: for a while it does not have a new master, who asks for it. */
async function listClients({ clock }: EntryRotationProps, api: PlatformApi) {
  const isEarly = (error: ApiError) => isUnknown(error) || error.status === 200;
  return (await askUntilKnown(clock, () => api.oauthClients(), isEarly)) ?? [];
}

async function retire(
  { signal, onStep }: EntryRotationProps,
  api: PlatformApi,
  actions: readonly Action[],
): Promise<void> {
  for (const action of actions) {
    signal?.throwIfAborted();
    onStep?.(`${action.kind} ${action.clientName}`);
    await execute(api, action);
  }
}

/**
 * Writes the same once more. Whoever else is about to write the version that comes next cannot any
 * more, so what they made is nobody's.
 * @returns the newest version
 */
async function fence({ store, signal }: EntryRotationProps, entry: Entry): Promise<number> {
  signal?.throwIfAborted();
  try {
    return await store.put(entry.path, entry.value, entry.version);
  } catch (error) {
    throw error instanceof CasMismatchError ? rotatedMeanwhile(entry) : error;
  }
}

const rotatedMeanwhile = ({ path, version }: Entry) =>
  new UserError(
    `somebody else wrote the Vault entry ${path} after version ${version}: theirs stays. Look at it, and start again if it has to be`,
  );

/** Makes the client of the next version, proves it, and writes it down: in this order. */
async function mint(props: EntryRotationProps, seen: Seen, after: number): Promise<OAuthClient> {
  const { signal } = props;
  const { api, entry, description, clients } = seen;
  const current = await api.oauthClient(entry.value.client_id);
  const request = successorOf(entry, current, description, after + 1);
  const living = clients.filter(({ state }) => state !== "deleted").length;
  if (living >= props.org.mostClients) {
    throw new UserError(
      `the organisation has ${living} OAuth clients, and may have ${props.org.mostClients}: none is made. Delete some, or raise rotation.mostClients`,
    );
  }
  signal?.throwIfAborted();
  const made = await api.createOAuthClient(request);
  try {
    const value = { ...entry.value, client_id: made.id, client_secret: secretOf(made) };
    await proveSuccessor(props, api, made, request);
    signal?.throwIfAborted();
    await record(props, { ...entry, version: after }, value);
    return made;
  } catch (error) {
    // Nobody has it; but what may still be written has to work.
    if (!(error instanceof MayBeWrittenError)) await discardQuietly(props, api, made);
    throw error;
  }
}

function successorOf(
  { path, version, value }: Entry,
  current: OAuthClient | undefined,
  description: string,
  next: number,
): OAuthClientRequest {
  const what = `client ${value.client_id} of version ${version} of the Vault entry ${path}`;
  if (!current) {
    throw new UserError(`${what} is gone, so there is nothing to copy: write another by hand`);
  }
  // Somebody may have wanted that: what works is not made behind their back.
  if (current.state !== "active") {
    throw new UserError(`${what} is ${current.state}: activate it, or write another by hand`);
  }
  // The API once spelled it with an underscore.
  const { authorizedGrantType: grant = "" } = current;
  if (grant.replaceAll("_", "-") !== "CLIENT-CREDENTIALS") {
    throw new UserError(`${what} has the grant ${grant}: only CLIENT-CREDENTIALS rotates`);
  }
  // With fields that this code does not know.
  const { dateToDelete: _, ...copied } = withoutReadOnly(current);
  const name = successorNameOf(current, description, next);
  return {
    ...copied,
    name,
    description,
    authorizedGrantType: "CLIENT-CREDENTIALS",
    state: "active",
  };
}

function secretOf({ id, secret }: OAuthClient): string {
  if (secret) return secret;
  throw new UserError(`client ${id} came without a secret`);
}

/** Proves that it works, in this organisation, and can do what the one before can. */
async function proveSuccessor(
  props: EntryRotationProps,
  api: PlatformApi,
  made: OAuthClient,
  request: OAuthClientRequest,
): Promise<void> {
  const { credential, apiAs, org, clock, onStep } = props;
  onStep?.(`proving ${made.name}`);
  const itself = apiAs(made.id, secretOf(made));
  await prove({ api: itself, clientId: made.id, orgId: org.id, what: made.name, clock });
  // A master has to do its work, before it replaces its maker.
  const seen =
    credential === "master"
      ? (await listClients(props, itself)).find(({ id }) => id === made.id)
      : await askUntilKnown(clock, () => api.oauthClient(made.id));
  if (!seen) throw new UserError(`client ${made.id} was made, and is not there`);
  if (sameGrants(seen.roleDivisions, request.roleDivisions)) return;
  throw new UserError(
    `client ${made.id} was made with other roles than were asked for: the master needs every role that it grants`,
  );
}

/** It is not known whether a version was, or will be, written. */
class MayBeWrittenError extends UserError {}

/** Writes the next version, and finds out whether it was written when no answer says so. */
async function record(
  { store, onStep }: EntryRotationProps,
  entry: Entry,
  value: Entry["value"],
): Promise<void> {
  const { path, version: before } = entry;
  onStep?.(`writing version ${before + 1} to Vault`);
  try {
    await store.put(path, value, before);
  } catch (error) {
    if (error instanceof NotWrittenError) throw error;
    const written = await store.read(path, before + 1).catch(() => undefined);
    // Not there yet, or not any more.
    if (!written) {
      throw new MayBeWrittenError(
        `${(error as Error).message}: version ${before + 1} of the Vault entry ${path} may still be written, and works then. Start again`,
      );
    }
    if (written.value.client_id !== value.client_id) throw rotatedMeanwhile(entry);
  }
}

async function discardQuietly(
  { onStep }: EntryRotationProps,
  api: PlatformApi,
  { id, name }: OAuthClient,
): Promise<void> {
  try {
    await discard(api, id);
  } catch {
    // The error before says more, and the next rotation finds the client.
    onStep?.(`${name} (${id}) could not be removed: the next rotation will`);
  }
}
