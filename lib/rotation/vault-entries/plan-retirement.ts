import type { OAuthClient } from "../../genesys/models";
import { type Action, actionOn, deleteWhenDrained } from "../action";
import { DEFAULT_LIMITS } from "../limits";
import { type EntryHistory, versionOfName } from "./vault-entry";

/**
 * Milliseconds for which the previous client still gets tokens after an entry got another one: a
 * run of Terraform that began earlier may still use it.
 */
export const ENTRY_OVERLAP = 24 * 3_600_000;

/** Number of clients that one run deactivates or deletes. */
const MOST_CHANGES = 5;

/** The inputs of a retirement plan. */
export interface RetirementPlanProps {
  readonly now: number;
  readonly entry: EntryHistory;
  /** Description of the clients that were created for the entry. */
  readonly description: string;
  readonly clients: readonly OAuthClient[];
  /** Client ids of the masters that may have created clients for the entry. */
  readonly creators: ReadonlySet<string>;
  /** Ids of clients that must stay since somebody else may use them, with the reason. */
  readonly inUse: ReadonlyMap<string, string>;
  /** Clients of this version and of later ones stay. */
  readonly keptFrom: number;
}

/** A client that stays for now. */
export interface Waiting {
  readonly clientId: string;
  readonly clientName: string;
  readonly reason: string;
}

/** The plan for the clients of an entry's earlier versions. */
export interface RetirementPlan {
  readonly actions: readonly Action[];
  readonly waiting: readonly Waiting[];
  /** Clients with the marks of the entry's clients that nothing proves to be its own: they are left alone. */
  readonly unproven: readonly Waiting[];
  /**
   * Clients that were created for the next version. Until that version exists, their creator may be
   * about to write it.
   */
  readonly unwritten: readonly OAuthClient[];
}

/** Compares an entry's versions with the organisation's clients. A pure function. */
export function planRetirement(props: RetirementPlanProps): RetirementPlan {
  const { clients, entry, description } = props;
  const wanted: Action[] = [];
  const waiting: Waiting[] = [];
  const unproven: Waiting[] = [];
  const unwritten: OAuthClient[] = [];
  for (const client of clients) {
    if (client.state !== "active" && client.state !== "inactive") continue;
    const createdFor = versionOfName(client, description);
    if (createdFor !== undefined && !isProven(client, props)) {
      unproven.push({ clientId: client.id, clientName: client.name, reason: UNPROVEN });
      continue;
    }
    const next = createdFor === entry.version + 1;
    if (next && client.state === "active" && lastVersionOf(client, props) === undefined) {
      unwritten.push(client);
      continue;
    }
    const judgement = judge(props, client);
    if (judgement === undefined) continue;
    if (typeof judgement !== "string") wanted.push(judgement);
    else waiting.push({ clientId: client.id, clientName: client.name, reason: judgement });
  }
  for (const { clientId, clientName } of wanted.slice(MOST_CHANGES)) {
    waiting.push({
      clientId,
      clientName,
      reason: `one run changes at most ${MOST_CHANGES} clients`,
    });
  }
  return { actions: wanted.slice(0, MOST_CHANGES), waiting, unproven, unwritten };
}

/**
 * Whether a client is the entry's own. Its name and its description prove nothing, since anyone who may
 * create clients can copy them, and knows the number of the next version. Proof is its id in a version,
 * or Genesys Cloud's word that a master created it.
 */
const isProven = (
  { id, createdBy }: OAuthClient,
  { entry, creators }: RetirementPlanProps,
): boolean => [...entry.recorded.values()].includes(id) || creators.has(createdBy?.id ?? "");

const UNPROVEN =
  "it has the name and the description of the entry's clients, and nothing proves that a rotation created it. Delete it, unless you know it";

/** Returns an action, or the reason why a client stays; undefined for clients of other entries. */
function judge(props: RetirementPlanProps, client: OAuthClient): Action | string | undefined {
  const { now, entry, description, inUse, keptFrom } = props;
  if (client.id === entry.value.client_id) return undefined;
  const version = lastVersionOf(client, props);
  const createdFor = versionOfName(client, description);
  if (version === undefined && createdFor === undefined) return undefined;
  const user = inUse.get(client.id);
  if (user !== undefined) return user;
  if (version === undefined && (createdFor ?? 0) > entry.version) {
    return `version ${createdFor}, for which it was created, does not exist`;
  }
  if (version !== undefined && version >= keptFrom) return `version ${version} may be in use`;
  if (client.state === "inactive") {
    // No run before this one left a note, so this hangs on Genesys Cloud's own date.
    const since = Date.parse(client.dateModified ?? "");
    return (
      deleteWhenDrained(now, client, since, DEFAULT_LIMITS.skew) ??
      "its tokens have not expired yet"
    );
  }
  // The version that it was created for has another client, so nobody has its secret.
  if (version === undefined) return actionOn(client, "deactivate", "no version contains it");
  // Also if the time is unknown.
  if (!(now - entry.since >= ENTRY_OVERLAP)) {
    return `version ${entry.version} replaced it less than 24 hours ago`;
  }
  return actionOn(client, "deactivate", "a newer version has replaced it");
}

/** Returns the newest version with a client; by the client's name if it cannot be read. */
function lastVersionOf(
  client: OAuthClient,
  { entry: { recorded, version: newest }, description }: RetirementPlanProps,
): number | undefined {
  const versions = [...recorded].flatMap(([version, id]) => (id === client.id ? [version] : []));
  if (versions.length > 0) return Math.max(...versions);
  const named = versionOfName(client, description);
  return named !== undefined && named <= newest && !recorded.has(named) ? named : undefined;
}
