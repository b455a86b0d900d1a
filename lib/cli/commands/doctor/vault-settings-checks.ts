import { ApiError } from "../../../http/api-error";
import { encodePath, VaultApi } from "../../../vault/client/vault-api";
import type { VaultSession } from "../../project/vault-session";
import { failed, notChecked, type Outcome, ok } from "./checklist";
import type { VaultContext } from "./context";

/** Versions that the engine keeps if neither mount nor entry has a limit. */
const KEPT_VERSIONS = 10;

/** The settings of a KV engine, or of one of its entries. */
interface Settings {
  /** 0: the mount's; of the mount: 10. */
  readonly max_versions?: number;
  /** For example `768h0m0s`. */
  readonly delete_version_after?: string;
  /** Of an entry: its newest version. */
  readonly current_version?: number;
}

/** Checks whether Vault will keep the master's versions for as long as the registry names them. */
export async function checkSettings(
  { org }: VaultContext,
  session: VaultSession,
): Promise<Outcome> {
  const { mount, master } = org.vault;
  const ofEntry = await settingsAt(session, `${mount}/metadata/${master}`);
  const ofMount = await settingsAt(session, `${mount}/config`);
  if (!ofEntry || !ofMount) {
    return notChecked(`the token may not read the settings of ${mount}/${master} and of its mount`);
  }
  const lifetime = [ofEntry, ofMount]
    .map(({ delete_version_after: after = "0s" }) => after)
    .find((after) => after !== "0s");
  if (lifetime !== undefined) {
    return failed(
      `Vault deletes each version of ${mount}/${master} after ${lifetime} (delete_version_after)`,
      `set delete_version_after of the entry and of the mount to 0, then run \`genesys-orgs rotate ${org.name} master\``,
    );
  }
  const most = ofEntry.max_versions || ofMount.max_versions || KEPT_VERSIONS;
  const { masterVersion } = org.rotation;
  const next = (ofEntry.current_version ?? masterVersion) + 1;
  if (masterVersion > next - most) return ok(`the newest ${most} versions are kept`);
  return failed(
    `Vault keeps ${most} version${most === 1 ? "" : "s"} of ${mount}/${master} (max_versions): version ${next} will drop version ${masterVersion}, which rotation.masterVersion names and the rotator uses until the next deploy`,
    `set max_versions of the entry to at least ${Math.max(KEPT_VERSIONS, next - masterVersion + 1)}`,
  );
}

/** Checks whether somebody could find out who read the entries. */
export async function checkAudit(session: VaultSession): Promise<Outcome> {
  let devices: object;
  try {
    const answer = await new VaultApi(session).send({ method: "GET", path: "sys/audit" });
    devices = (answer as { readonly data?: object } | null)?.data ?? {};
  } catch (error) {
    // A namespace below the root has no such path.
    if (!isRefused(error, 400, 403, 404, 405)) throw error;
    return notChecked("the token may not list the audit devices (sudo on sys/audit)");
  }
  const names = Object.keys(devices);
  if (names.length > 0) return ok(`audit devices: ${names.join(", ")}`);
  return failed(
    `${session.address} has no audit device, so nobody can find out who read the entries`,
    "enable one, for example `vault audit enable file file_path=/var/log/vault-audit.log`",
  );
}

/** Returns undefined if the token may not read them. */
async function settingsAt(session: VaultSession, path: string): Promise<Settings | undefined> {
  try {
    const request = { method: "GET", path: encodePath(path) } as const;
    const answer = await new VaultApi(session).send(request);
    return (answer as { readonly data?: Settings } | null)?.data ?? {};
  } catch (error) {
    if (isRefused(error, 403)) return undefined;
    if (isRefused(error, 404)) return {};
    throw error;
  }
}

const isRefused = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof ApiError && statuses.includes(error.status ?? 0);
