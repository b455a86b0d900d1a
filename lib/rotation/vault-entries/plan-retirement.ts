import type { OAuthClient } from "../../genesys/models";
import { type Action, actionOn, deleteWhenDrained } from "../action";
import { DEFAULT_LIMITS } from "../reconcile";
import { type EntryHistory, versionOfName } from "./entry";

/**
 * From when an entry has another client until the one before mints no more tokens, in milliseconds:
 * a run of Terraform that began before may go on, with what it read then.
 */
export const ENTRY_OVERLAP = 24 * 3_600_000;

/** What is known before a client is judged. */
export interface RetirementPlanProps {
  readonly now: number;
  readonly entry: EntryHistory;
  /** What the clients that were made for the entry have as description. */
  readonly description: string;
  readonly clients: readonly OAuthClient[];
  /** Ids of the clients that somebody else may use, and why: they stay. */
  readonly inUse: ReadonlyMap<string, string>;
  /** Clients of versions from this one on stay. */
  readonly keptFrom: number;
}

/** A client that stays for now. */
export interface Waiting {
  readonly clientId: string;
  readonly clientName: string;
  readonly reason: string;
}

/** What is to be done with the clients that an entry had. */
export interface RetirementPlan {
  readonly actions: readonly Action[];
  readonly waiting: readonly Waiting[];
  /**
   * Made for the version that comes next. Whoever made them may be about to write it, as long as
   * that version is not there.
   */
  readonly unwritten: readonly OAuthClient[];
}

/** Compares an entry's versions with the organisation's clients. Pure. */
export function planRetirement(props: RetirementPlanProps): RetirementPlan {
  const { clients, entry, description } = props;
  const wanted: Action[] = [];
  const waiting: Waiting[] = [];
  const unwritten: OAuthClient[] = [];
  for (const client of clients) {
    if (client.state !== "active" && client.state !== "inactive") continue;
    const next = versionOfName(client, description) === entry.version + 1;
    if (next && client.state === "active" && lastVersionOf(client, props) === undefined) {
      unwritten.push(client);
      continue;
    }
    const judgement = judge(props, client);
    if (judgement === undefined) continue;
    if (typeof judgement !== "string") wanted.push(judgement);
    else waiting.push({ clientId: client.id, clientName: client.name, reason: judgement });
  }
  const { mostChanges } = DEFAULT_LIMITS;
  for (const { clientId, clientName } of wanted.slice(mostChanges)) {
    waiting.push({
      clientId,
      clientName,
      reason: `one run changes ${mostChanges} clients at most`,
    });
  }
  return { actions: wanted.slice(0, mostChanges), waiting, unwritten };
}

/** What to do with a client, or why it stays; undefined: it is none of this entry's business. */
function judge(props: RetirementPlanProps, client: OAuthClient): Action | string | undefined {
  const { now, entry, description, inUse, keptFrom } = props;
  if (client.id === entry.value.client_id) return undefined;
  const version = lastVersionOf(client, props);
  const madeFor = versionOfName(client, description);
  if (version === undefined && madeFor === undefined) return undefined;
  const user = inUse.get(client.id);
  if (user !== undefined) return user;
  if (version === undefined && (madeFor ?? 0) > entry.version) {
    return `version ${madeFor}, which it was made for, is not there`;
  }
  if (version !== undefined && version >= keptFrom) return `version ${version} may be in use`;
  if (client.state === "inactive") {
    return deleteWhenDrained(now, client, DEFAULT_LIMITS.skew) ?? "its tokens have not ended";
  }
  // The version that it was made for has another: nobody has its secret.
  if (version === undefined) return actionOn(client, "deactivate", "no version has it");
  // Also where it is not known since when.
  if (!(now - entry.since >= ENTRY_OVERLAP)) {
    return `version ${entry.version} took its place less than 24 hours ago`;
  }
  return actionOn(client, "deactivate", "a newer version has another client");
}

/** The newest version that has a client: where that one cannot be read, as its name says. */
function lastVersionOf(
  client: OAuthClient,
  { entry: { recorded, version: newest }, description }: RetirementPlanProps,
): number | undefined {
  const versions = [...recorded].flatMap(([version, id]) => (id === client.id ? [version] : []));
  if (versions.length > 0) return Math.max(...versions);
  const named = versionOfName(client, description);
  return named !== undefined && named <= newest && !recorded.has(named) ? named : undefined;
}
