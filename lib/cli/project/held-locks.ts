import type { HeldLock, LockInfo, S3Backend, StateStore } from "./state-store";

/** The place of a lock: a file next to the state, an item in a table, or a local file. */
export type LockKind = HeldLock["kind"];

/** The locks of one run: at most one of each kind, all with the same id. */
export interface RunLock extends LockInfo {
  readonly kinds: readonly LockKind[];
}

/** The instructions that messages send operators to. */
export const RUNBOOK = 'docs/state.md, "Stale locks, broken digests, truncated states"';

/** Returns the kinds of locks that Terraform uses with a backend. */
export function kindsOf({ use_lockfile, dynamodb_table }: S3Backend): LockKind[] {
  return [
    ...(use_lockfile ? (["s3"] as const) : []),
    ...(dynamodb_table === undefined ? [] : (["dynamodb"] as const)),
  ];
}

/**
 * Returns every lock on a state, by run. A run with another lock mode may have left a lock file that
 * this backend ignores.
 */
export async function locksOn(store: StateStore): Promise<RunLock[]> {
  const held = [await store.lockFileIfAllowed(), await store.lockItem()];
  const runs: RunLock[] = [];
  for (const lock of held) {
    if (!lock) continue;
    const { kind, ...rest } = lock;
    // A lock without an id is unreadable, so it belongs to no other lock.
    const other = runs.findIndex(({ id }) => id !== "" && id === lock.id);
    const kinds = [...(runs[other]?.kinds ?? []), kind];
    if (other < 0) runs.push({ ...rest, kinds });
    else runs[other] = { ...(runs[other] as RunLock), kinds };
  }
  return runs;
}

/** For example `s3 + dynamodb`, or `s3 only` if the other kind is missing. */
export function kindsText({ kinds }: RunLock, expected: readonly LockKind[]): string {
  const text = kinds.map((kind) => (expected.includes(kind) ? kind : `${kind} (not in use)`));
  const missing = expected.some((kind) => !kinds.includes(kind));
  return `${text.join(" + ")}${missing ? " only" : ""}`;
}

/** For example `apply`. */
export const operationText = ({ operation }: Pick<LockInfo, "operation">): string =>
  operation.replace(/^OperationType/, "").toLowerCase() || "unknown operation";

/**
 * For example `apply by runner@ci, since 2026-11-21T08:00:00Z, 42 min old`.
 *
 * @param now milliseconds since 1970; undefined for a text without the age
 */
export function holderText(lock: LockInfo, now?: number): string {
  const isDated = !Number.isNaN(lock.created);
  const since = isDated ? isoText(lock.created) : "an unknown time";
  const age = isDated && now !== undefined ? `, ${ageText(lock, now)} old` : "";
  return `${operationText(lock)} by ${lock.who || "unknown"}, since ${since}${age}`;
}

/** For example `lock 3f1c9b1e, apply by runner@ci, since 2026-11-21T08:00:00Z, 42 min old`. */
export function lockText(lock: LockInfo, now?: number): string {
  return `${lock.id === "" ? "an unreadable lock" : `lock ${lock.id}`}, ${holderText(lock, now)}`;
}

/** Returns a lock as part of a JSON document. */
export function lockJson(lock: RunLock, backend: S3Backend, now: number): object {
  const { kinds, id, operation, who, created, path } = lock;
  return {
    kinds,
    expectedKinds: kindsOf(backend),
    id,
    operation,
    who,
    ...(!Number.isNaN(created) && {
      created: new Date(created).toISOString(),
      ageSeconds: Math.floor((now - created) / 1000),
    }),
    path,
  };
}

export const isoText = (time: number): string =>
  Number.isNaN(time) ? "unknown" : new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** For example `3 h 12 min`. */
export function ageText({ created }: Pick<LockInfo, "created">, now: number): string {
  if (Number.isNaN(created)) return "unknown";
  const seconds = Math.max(0, Math.floor((now - created) / 1000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (days) return `${days} d ${(hours ?? 0) % 24} h`;
  if (hours) return `${hours} h ${(minutes ?? 0) % 60} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}
