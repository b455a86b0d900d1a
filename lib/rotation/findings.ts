import type { OAuthClient } from "../genesys/models";
import { drainOf } from "./action";
import { versionIn } from "./client-name";
import { DEFAULT_LIMITS } from "./limits";
import type { SecretVersion } from "./secret-store";

/** Findings of the last run about a credential that no decision depends on: people read them. */
export interface Findings {
  /** The current version, and the time at which it was created. */
  readonly current?: { readonly version: string; readonly since?: number };
  /** Time from which the reconciler starts the next rotation. */
  readonly startsAt?: number;
  /** Whether its rotation is switched on. */
  readonly rotates?: boolean;
  /** Clients that are not deleted. */
  readonly clients?: readonly FoundClient[];
  /** Last day on which a consumer read the value, for example `2026-11-28`. */
  readonly consumedOn?: string;
}

/** A client of a credential that is not deleted. */
export interface FoundClient {
  readonly id: string;
  readonly state: "active" | "inactive";
  /** The version of the secret that it was created for. */
  readonly version?: string;
  /** Time from which it is deleted, since its tokens have expired; only for an inactive client. */
  readonly deletedFrom?: number;
}

/** Times that were noted about an inactive client. */
interface InactiveClient {
  readonly inactiveSince?: number;
  readonly deletedAt?: number;
}

/**
 * Returns the findings about a credential's clients.
 * @param notes notes about the inactive ones, by client id
 */
export const foundClients = (
  clients: readonly OAuthClient[],
  notes: Readonly<Record<string, InactiveClient>>,
): readonly FoundClient[] =>
  clients.flatMap((client): FoundClient | [] => {
    const { id, state } = client;
    const version = versionIn(client.name);
    if (state === "active") return { id, state, version };
    const { inactiveSince, deletedAt } = notes[id] ?? {};
    // Genesys Cloud may list a deleted client for a week.
    if (state !== "inactive" || deletedAt !== undefined) return [];
    const deletedFrom =
      inactiveSince === undefined
        ? undefined
        : inactiveSince + drainOf(client, DEFAULT_LIMITS.skew);
    return { id, state, version, deletedFrom };
  });

export const foundVersion = (current: SecretVersion | undefined): Findings["current"] =>
  current && { version: current.id, since: current.createdAt };

const DAY = 24 * 3_600_000;

/**
 * Returns the day on which a consumer read the value last, as far as it is known. Secrets Manager tells
 * the day of the last access, in UTC, and counts our own reads. So a day counts only if we did not read
 * the value on it: see `isQuiet`.
 *
 * @param accessedAt a time of the day of the last access
 * @param ownReads times of our own reads
 */
export function consumedOn(
  before: string | undefined,
  accessedAt: number | undefined,
  ownReads: readonly (number | undefined)[],
): string | undefined {
  if (accessedAt === undefined) return before;
  const day = Math.floor(accessedAt / DAY) * DAY;
  if (ownReads.some((at) => at !== undefined && at >= day)) return before;
  return new Date(day).toISOString().slice(0, "2026-11-28".length);
}

/**
 * Whether a day is the one of the week on which the reconciler does not log in with a credential's
 * value, so that the day shows whether consumers read it. Not the same day for all credentials.
 *
 * @param number a number that belongs to the credential
 */
export const isQuiet = (now: number, number: number): boolean =>
  Math.floor(now / DAY) % 7 === number % 7;
