import { UserError } from "../../errors";
import type { OAuthClient } from "../../genesys/models";
import { vaultMountUrlOf } from "../../registry/vault-mount";
import type { KvStore, KvVersion } from "../../vault/client/kv-store";

/** A credential as an entry of Vault holds it; further fields are kept as they are. */
export interface EntryValue extends Readonly<Record<string, unknown>> {
  readonly client_id: string;
  readonly client_secret: string;
  /** The organisation's id in Genesys Cloud. */
  readonly org_id: string;
}

/** An entry's newest version. */
export interface Entry {
  readonly path: string;
  readonly version: number;
  readonly value: EntryValue;
  readonly createdAt: number;
}

/** An entry's newest version, and what is known of those before it. */
export interface EntryHistory extends Entry {
  /** Client of each version that can still be read, the newest among them. */
  readonly recorded: ReadonlyMap<number, string>;
  /** Since when the entry has had its client and secret; other fields may have changed. */
  readonly since: number;
}

/** Versions that the engine keeps, where nobody says otherwise. */
const KEPT_VERSIONS = 10;

/**
 * @param orgId what the entry's `org_id` has to be
 * @returns undefined where there is no entry
 * @throws UserError that never has a secret
 */
export async function readEntry(
  store: KvStore,
  path: string,
  orgId: string,
): Promise<Entry | undefined> {
  const newest = await store.read(path);
  if (!newest) return undefined;
  const { version, createdAt } = newest;
  const value = newest.value as EntryValue;
  const missing = ["client_id", "client_secret", "org_id"].filter(
    (field) => typeof value[field] !== "string" || value[field] === "",
  );
  const what = `version ${version} of the Vault entry ${path}`;
  if (missing.length > 0) throw new UserError(`${what} has no ${missing.join(", ")}`);
  if (value.org_id.toLowerCase() !== orgId.toLowerCase()) {
    throw new UserError(
      `${what} is of organisation ${value.org_id}: the registry says ${orgId}. Nothing is done`,
    );
  }
  return { path, version, value, createdAt };
}

/** Reads what came before; versions that were deleted, or that the engine dropped, are left out. */
export async function withHistory(store: KvStore, entry: Entry): Promise<EntryHistory> {
  const { path, version: newest, value } = entry;
  const recorded = new Map([[newest, value.client_id]]);
  let { createdAt: since } = entry;
  let unchanged = true;
  for (let version = newest - 1; version > Math.max(0, newest - KEPT_VERSIONS); version--) {
    const earlier = await store.read(path, version);
    unchanged &&= isSameCredential(earlier, value);
    if (!earlier) continue;
    if (unchanged) since = earlier.createdAt;
    if (typeof earlier.value.client_id === "string") recorded.set(version, earlier.value.client_id);
  }
  return { ...entry, recorded, since };
}

const isSameCredential = (version: KvVersion | undefined, value: EntryValue): boolean =>
  version?.value.client_id === value.client_id &&
  version.value.client_secret === value.client_secret;

/** The error of a rotation during which somebody else wrote another version. */
export const rotatedMeanwhile = ({ path, version }: Entry) =>
  new UserError(
    `somebody else wrote the Vault entry ${path} after version ${version}: theirs stays. Look at it, and start again if it has to be`,
  );

/** Where an org's entries are. */
export interface VaultPlace {
  readonly address: string;
  readonly namespace?: string;
  readonly mount: string;
}

/** Description of the clients that are made for an entry: nothing else has it. */
export const entryDescriptionOf = (place: VaultPlace, path: string): string =>
  `vault:${vaultMountUrlOf(place)}/${path}`;

/** Name of the client that is made for a version of an entry, after the client before it. */
export function successorNameOf(
  current: Pick<OAuthClient, "name" | "description">,
  description: string,
  version: number,
): string {
  const made = versionOfName(current, description) !== undefined;
  return `${made ? current.name.replace(/#\d+$/, "") : current.name}#${version}`;
}

/** The version that a client was made for; undefined where it was not made for this entry. */
export function versionOfName(
  client: Pick<OAuthClient, "name" | "description">,
  description: string,
): number | undefined {
  if (client.description !== description) return undefined;
  const [, version] = /#(\d+)$/.exec(client.name) ?? [];
  return version === undefined ? undefined : Number(version);
}
