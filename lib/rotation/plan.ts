import type { OAuthClient } from "../genesys/models";
import type { Action } from "./action";
import { isOurs } from "./client-name";
import { currentVersionOf } from "./history";
import { type Judgement, judge, type ManagedCredential, type View } from "./judge";
import type { SecretHistory } from "./secret-store";
import { DEFAULT_GRACE_DAYS } from "./specification";
import { type CredentialStatus, currentClientOf } from "./status";

/** An action that a run wants to do, with the kind that its limits depend on. */
export interface PlannedAction extends Action {
  readonly why?: Judgement["why"];
}

/** The findings of one run, and the actions that it wants to do. */
export interface ReconciliationPlan {
  readonly actions: readonly PlannedAction[];
  readonly gauges: Gauges;
  /** Clients with our marks, before the actions. */
  readonly clients: readonly OAuthClient[];
}

/** Findings, with the credentials or clients that they concern. */
export interface Gauges {
  readonly managed: number;
  readonly orphaned: readonly OAuthClient[];
  /** Clients with our marks, of which nothing proves that the rotator created them. */
  readonly unproven: readonly OAuthClient[];
  /** Age of the oldest current version, in days. */
  readonly oldestDays: number;
  /** Credentials that are overdue for longer than their class allows. */
  readonly overdue: readonly string[];
  /** Credentials whose latest rotation did not end with another current value. */
  readonly unfinished: readonly string[];
  /** Credentials that will not rotate by themselves, with the reason. */
  readonly unrotated: readonly { readonly name: string; readonly reason: string }[];
  /** Credentials whose current client is not in the organisation. */
  readonly lost: readonly string[];
  /** Credentials whose current client a person deactivated. */
  readonly refused: readonly string[];
  readonly presentClients: number;
}

const DAY = 24 * 3_600_000;

/**
 * Compares the clients of an organisation with the versions of its secrets. A pure function: the
 * next run finds again whatever this run does not finish.
 */
export function planReconciliation(view: View): ReconciliationPlan {
  const { now, credentials } = view;
  // Disabled clients count as well, as they do for the limit of the rotator.
  const present = view.clients.filter(({ state }) => state !== "deleted");
  const living = present.filter(({ state }) => state === "active" || state === "inactive");
  const ours = living.filter((client) => isOurs(client, view.secretPrefix));
  const judged = ours.map((client) => ({ client, ...judge(view, client) }));
  const which = (is: (judgement: Judgement) => unknown) =>
    judged.filter(is).map(({ client }) => client);
  const named = (is: (credential: ManagedCredential) => boolean) =>
    credentials.filter((credential) => !credential.retiring && is(credential)).map(nameOf);
  const refused = which((judgement) => judgement.refused);
  return {
    actions: judged.flatMap(({ action, why }) => (action ? { ...action, why } : [])),
    gauges: {
      managed: ours.length,
      orphaned: which(({ why }) => why === "orphaned"),
      unproven: which(({ unproven }) => unproven),
      oldestDays: oldest(now, credentials),
      overdue: named((credential) => isOverdue(now, credential)),
      unfinished: named(({ history }) => history !== undefined && isUnfinished(now, history)),
      unrotated: credentials.flatMap(({ name, retiring, history, status }) => {
        const reason = retiring || !history ? undefined : whyUnrotated(now, history, status);
        return reason === undefined ? [] : { name, reason };
      }),
      lost: named((credential) => isLost(credential, present)),
      refused: named(({ status, history }) =>
        refused.some(({ id }) => id === currentClientOf(status, history)),
      ),
      presentClients: present.length,
    },
    clients: ours,
  };
}

const nameOf = ({ name }: ManagedCredential): string => name;

/** Whether somebody deleted the current version's client. */
function isLost({ status, history }: ManagedCredential, present: readonly OAuthClient[]): boolean {
  const current = currentClientOf(status, history);
  return current !== undefined && !present.some(({ id }) => id === current);
}

function oldest(now: number, credentials: readonly ManagedCredential[]): number {
  const ages = credentials.map(({ history }) => {
    const { createdAt = now } = currentVersionOf(history) ?? {};
    return now - createdAt;
  });
  return Math.max(0, ...ages) / DAY;
}

/** Secrets Manager repeats a rotation that failed for a while. Milliseconds. */
const STILL_TRYING = 3_600_000;

/**
 * Whether a version is newer than the current one, and was neither promoted nor is being prepared.
 * Secrets Manager's events would say that as well, but only in an account with a trail.
 */
function isUnfinished(now: number, history: SecretHistory): boolean {
  const { createdAt: currentSince = 0 } = currentVersionOf(history) ?? {};
  return history.versions.some(({ stages, createdAt = 0 }) => {
    const isPromoted = stages.includes("AWSCURRENT") || stages.includes("AWSPREVIOUS");
    const isTrying = stages.includes("AWSPENDING") && now - createdAt < STILL_TRYING;
    return createdAt > currentSince && !isPromoted && !isTrying;
  });
}

/** Time in which a credential gets its first value. Milliseconds. */
const FIRST_VALUE = DAY;

function whyUnrotated(
  now: number,
  history: SecretHistory,
  status: CredentialStatus,
): string | undefined {
  const { rotates, deletedAt, createdAt = now } = history;
  if (deletedAt !== undefined) return "somebody requested the deletion of its secret: restore it";
  if (rotates === false) return "its rotation is switched off: apply the org's stack";
  if (currentVersionOf(history)) {
    return currentClientOf(status, history) === undefined
      ? "somebody wrote a value that is no credential: rotate it"
      : undefined;
  }
  return now - createdAt >= FIRST_VALUE
    ? "it has never had a value: see the rotator's log, and rotate it"
    : undefined;
}

/** Without a current version, its first rotation is in progress or keeps failing. */
function isOverdue(now: number, { specification, history }: ManagedCredential): boolean {
  if (!specification || !history) return false;
  const current = currentVersionOf(history);
  // An unknown age does not count as old.
  const since = (current ? [current] : history.versions).map(({ createdAt = now }) => createdAt);
  const { rotationDays, graceDays = DEFAULT_GRACE_DAYS } = specification;
  return now - Math.min(now, ...since) > (rotationDays + graceDays) * DAY;
}
