import { UserError } from "../../errors";
import type { OAuthClient } from "../../genesys/models";
import type { OrgAwsEntry } from "../../registry/model";
import { partitionOf } from "../../registry/names";
import { UUID_PATTERN } from "../../registry/patterns";
import { type VaultMount, vaultMountUrlOf } from "../../registry/vault-mount";
import type { KvStore, KvVersion } from "../../vault/client/kv-store";

/** The value of an entry in Vault or Secrets Manager: a credential. Further fields are kept as they are. */
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
  /** When the engine will delete it by itself. @default - never */
  readonly deletedAt?: number;
}

/** An entry's newest version, and the history of its earlier versions. */
export interface EntryHistory extends Entry {
  /** Client ids by version, for the newest and every earlier version that can still be read. */
  readonly recorded: ReadonlyMap<number, string>;
  /** Time at which the entry got its client and secret; other fields may have changed since. */
  readonly since: number;
}

/** Number of versions that Vault's engine keeps by default, and that are kept in Secrets Manager. */
export const KEPT_VERSIONS = 10;

/** An entry without the necessary fields, or of another organisation. */
export class EntryError extends UserError {
  constructor(
    message: string,
    readonly problem: "fields" | "organisation",
  ) {
    super(message);
  }
}

/**
 * Reads the newest version of an entry.
 * @param orgId the value that the entry's `org_id` must have
 * @returns undefined if the entry does not exist
 * @throws EntryError that never contains a secret
 */
export async function readEntry(
  store: KvStore,
  place: EntryPlace,
  path: string,
  orgId: string,
): Promise<Entry | undefined> {
  const newest = await store.read(path);
  if (!newest) return undefined;
  const { version } = newest;
  const value = newest.value as EntryValue;
  const what = `version ${version} of ${entryCalled(path)}`;
  refuseFields(what, value, place);
  if (value.org_id.toLowerCase() !== orgId.toLowerCase()) {
    throw new EntryError(
      `${what} belongs to organisation ${value.org_id}, but the registry says ${orgId}`,
      "organisation",
    );
  }
  return { ...newest, path, value };
}

const FIELDS = ["client_id", "client_secret", "org_id"];

function refuseFields(what: string, value: KvVersion["value"], { textOnly }: EntryPlace): void {
  const missing = FIELDS.filter((field) => !(field in value) || value[field] === "");
  if (missing.length > 0) throw new EntryError(`${what} has no ${missing.join(", ")}`, "fields");
  const others = Object.entries(value)
    .filter(([field]) => textOnly || FIELDS.includes(field))
    .filter(([, content]) => typeof content !== "string")
    .map(([field, content]) => `${field} (${typeName(content)})`);
  if (others.length > 0) {
    const why = textOnly ? ", which Terraform's provider cannot read" : "";
    throw new EntryError(
      `${what} has fields that are not text${why}: ${others.join(", ")}`,
      "fields",
    );
  }
  // It is not quoted: somebody may have written the secret to this field.
  if (!new RegExp(UUID_PATTERN).test(String(value.org_id))) {
    throw new EntryError(`the org_id of ${what} is not an organisation's id`, "fields");
  }
}

function typeName(content: unknown): string {
  if (content === null) return "null";
  return Array.isArray(content) ? "list" : typeof content;
}

/** Adds the history of an entry, without versions that were deleted or that the engine dropped. */
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

/** Returns the error of a rotation during which somebody else wrote a version. */
export const rotatedMeanwhile = ({ path, version }: Entry) =>
  new UserError(
    `somebody else wrote ${entryCalled(path)} after version ${version}: their version stays. Check it, and start again if you still need another one`,
  );

/** The place of an org's entries. */
export interface EntryPlace {
  /** For example `Vault`. */
  readonly name: string;
  /** The place in a message, for example `below secret at https://vault.example.com`. */
  readonly where: string;
  /** Beginning of the descriptions of the clients that are created for entries. */
  readonly prefix: string;
  /** Whether every field must be text: Terraform's provider refuses a whole entry, and does not say why. */
  readonly textOnly: boolean;
}

/** Returns the place of entries in Vault. */
export const vaultPlace = (mount: VaultMount): EntryPlace => ({
  name: "Vault",
  where: `below ${mount.mount} at ${mount.address}`,
  prefix: `vault:${vaultMountUrlOf(mount)}/`,
  textOnly: true,
});

/** Returns the place of entries in AWS Secrets Manager. */
export const secretsPlace = ({
  account,
  region,
}: Pick<OrgAwsEntry, "account" | "region">): EntryPlace => ({
  name: "Secrets Manager",
  where: `in account ${account} and region ${region}`,
  prefix: `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:`,
  textOnly: false,
});

/** Returns an entry as a message calls it. Only the names of secrets begin with a slash. */
export const entryCalled = (path: string): string =>
  path.startsWith("/") ? `the secret ${path}` : `the Vault entry ${path}`;

/** Returns the description of the clients that are created for an entry; no other client has it. */
export const entryDescriptionOf = ({ prefix }: EntryPlace, path: string): string =>
  `${prefix}${path}`;

/** Returns the name of the client for an entry's new version, derived from the previous client. */
export function successorNameOf(
  current: Pick<OAuthClient, "name" | "description">,
  description: string,
  version: number,
): string {
  const created = versionOfName(current, description) !== undefined;
  return `${created ? current.name.replace(/#\d+$/, "") : current.name}#${version}`;
}

/** Returns the version that a client was created for; undefined if it was not for this entry. */
export function versionOfName(
  client: Pick<OAuthClient, "name" | "description">,
  description: string,
): number | undefined {
  if (client.description !== description) return undefined;
  const [, version] = /#(\d+)$/.exec(client.name) ?? [];
  return version === undefined ? undefined : Number(version);
}
