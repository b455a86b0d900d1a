import type { ApiError } from "../../../http/api-error";
import type { VaultCredential } from "../../../registry/model";
import {
  type Entry,
  EntryError,
  readEntry,
  vaultPlace,
} from "../../../rotation/vault-entries/vault-entry";
import { HttpKvStore } from "../../../vault/client/http-kv-store";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { ClockReading } from "./clock-reading";
import type { VaultContext } from "./context";
import { checkAudit, checkSettings } from "./vault-settings-checks";
import { checkToken } from "./vault-token-checks";

export const CREDENTIALS = ["deployer", "planner", "master"] as const;

/** The entries of an org in Vault, as far as they could be read. */
export interface VaultFindings {
  readonly checks: readonly Check[];
  readonly entries: ReadonlyMap<VaultCredential, Entry>;
}

/** Checks whether the org's credentials are in Vault, and belong to the org. */
export async function checkVault(context: VaultContext): Promise<VaultFindings> {
  const list = new Checklist("vault", context.bounds);
  const clock = new ClockReading(context.io.now);
  const entries = new Map<VaultCredential, Entry>();
  const token = await checkToken(context, list, clock);
  if (token === undefined && !list.checks.some(({ status }) => status === "failed")) {
    return { checks: list.checks, entries };
  }
  const { vault, rotation } = context.org;
  const isPlanner = token?.role?.endsWith("-planner") === true;
  for (const credential of CREDENTIALS) {
    const why = !token
      ? "the token could not be used"
      : // A pull request never reads a credential that can change the org.
        isPlanner && credential !== "planner"
        ? `the role ${token.role} may read only the planner's entry`
        : undefined;
    if (!token || why !== undefined) {
      list.add(credential, notChecked(why ?? ""));
      continue;
    }
    const store = new HttpKvStore({ ...token.session, mount: vault.mount });
    const version = credential === "master" ? rotation.masterVersion : undefined;
    await list.run(
      credential,
      () => checkEntry(context, store, credential, version, entries),
      (error) => explainEntry(context, credential, token.role, error),
    );
  }
  if (token && !isPlanner) {
    await list.run("settings", () => checkSettings(context, token.session));
    await list.run("audit", () => checkAudit(token.session));
  }
  list.add("clock", clock.outcome("Vault"));
  return { checks: list.checks, entries };
}

async function checkEntry(
  { org }: VaultContext,
  store: HttpKvStore,
  credential: VaultCredential,
  version: number | undefined,
  entries: Map<VaultCredential, Entry>,
): Promise<Outcome> {
  const path = org.vault[credential];
  const place = vaultPlace(org.vault);
  const newest = await readEntry(store, place, path, org.organizationId);
  if (!newest) {
    return failed(
      `the Vault entry ${org.vault.mount}/${path} does not exist, or its newest version was deleted`,
      "write client_id, client_secret and org_id to it (docs/rotation.md), or undelete the version",
    );
  }
  if (version === undefined || version === newest.version) {
    entries.set(credential, newest);
    if (newest.deletedAt !== undefined) return failed(...deletion(org, credential, newest));
    return ok(`version ${newest.version} of ${org.vault.mount}/${path}`);
  }
  const asNamed = { read: (at: string) => store.read(at, version), put: store.put.bind(store) };
  const named = await readEntry(asNamed, place, path, org.organizationId);
  const what = `rotation.masterVersion of ${org.name} is ${version}, but the newest version of ${org.vault.mount}/${path} is ${newest.version}`;
  const fix = `set rotation.masterVersion to ${newest.version} in the registry, then run \`genesys-orgs deploy ${org.name}\``;
  if (!named) return failed(`${what}, and version ${version} no longer exists`, fix);
  entries.set(credential, named);
  if (named.deletedAt !== undefined) return failed(...deletion(org, credential, named));
  return ok(`${what}; next: ${fix}`);
}

/** Returns what is wrong with a version that will not stay, and the fix. */
const deletion = (
  { name, vault }: VaultContext["org"],
  credential: VaultCredential,
  { version, path, deletedAt = 0 }: Entry,
): [string, string] => [
  `Vault will delete version ${version} of ${vault.mount}/${path} on ${new Date(deletedAt).toISOString()} (delete_version_after)`,
  `set delete_version_after of the entry and of the mount to 0, then run \`genesys-orgs rotate ${name} ${credential}\``,
];

function explainEntry(
  { org }: VaultContext,
  credential: VaultCredential,
  role: string | undefined,
  error: Error,
): Outcome | undefined {
  const path = `${org.vault.mount}/${org.vault[credential]}`;
  if ((error as Partial<ApiError>).status === 403) {
    if (role?.endsWith("-deployer") && credential === "planner") {
      return notChecked(`the role ${role} does not need the planner's entry`);
    }
    return failed(
      `the token may not read ${path}`,
      `log in with a role whose policy allows it, for example genesys-${org.name}-deployer (docs/vault.md)`,
    );
  }
  if (!(error instanceof EntryError)) return undefined;
  if (error.problem === "organisation") {
    return failed(
      error.message,
      `put ${org.name}'s own credential there, or correct organizationId or vault.${credential} in the registry`,
    );
  }
  return failed(error.message, "write a version with client_id, client_secret and org_id");
}
