import type { HeldLock, S3Backend, StateStore } from "./state-store";

/** Where a lock is: a file beside the state, or an item in a table. */
export type LockKind = HeldLock["kind"];

/** What one run holds: up to one lock of each kind, with the same id. */
export interface RunLock extends Omit<HeldLock, "kind"> {
  readonly kinds: readonly LockKind[];
}

/** Where it says what to do. */
export const RUNBOOK = 'docs/state.md, "Stale locks, broken digests, truncated states"';

/** Kinds that Terraform locks with, under a backend. */
export function kindsOf({ use_lockfile, dynamodb_table }: S3Backend): LockKind[] {
  return [
    ...(use_lockfile ? (["s3"] as const) : []),
    ...(dynamodb_table === undefined ? [] : (["dynamodb"] as const)),
  ];
}

/**
 * Every lock on a state, by run; one of another lock mode may have left a lock file that this
 * backend does not heed.
 */
export async function locksOn(store: StateStore): Promise<RunLock[]> {
  const held = [await store.lockFileIfAllowed(), await store.lockItem()];
  const runs: RunLock[] = [];
  for (const lock of held) {
    if (!lock) continue;
    const { kind, ...rest } = lock;
    // One that has no id cannot be read: it is nobody's other half.
    const other = runs.findIndex(({ id }) => id !== "" && id === lock.id);
    const kinds = [...(runs[other]?.kinds ?? []), kind];
    if (other < 0) runs.push({ ...rest, kinds });
    else runs[other] = { ...(runs[other] as RunLock), kinds };
  }
  return runs;
}

/** For example `s3 + dynamodb`; `s3 only` where the other kind is missing. */
export function kindsText({ kinds }: RunLock, expected: readonly LockKind[]): string {
  const text = kinds.map((kind) => (expected.includes(kind) ? kind : `${kind} (not in use)`));
  const missing = expected.some((kind) => !kinds.includes(kind));
  return `${text.join(" + ")}${missing ? " only" : ""}`;
}

/** For example `apply`. */
export const operationText = ({ operation }: RunLock): string =>
  operation.replace(/^OperationType/, "").toLowerCase() || "unknown operation";

/** Who holds a lock, and since when, in one line. */
export function holderText(lock: RunLock, now: number): string {
  return `${operationText(lock)} by ${lock.who || "unknown"}, ${sinceText(lock)}, ${ageText(lock, now)} old`;
}

/** For example `since 2026-11-21T08:00:00Z`. */
const sinceText = ({ created }: RunLock): string =>
  Number.isNaN(created) ? "since an unknown time" : `since ${isoText(created)}`;

/** A lock in a JSON document. */
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
export function ageText({ created }: RunLock, now: number): string {
  if (Number.isNaN(created)) return "unknown";
  const seconds = Math.max(0, Math.floor((now - created) / 1000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (days) return `${days} d ${(hours ?? 0) % 24} h`;
  if (hours) return `${hours} h ${(minutes ?? 0) % 60} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}
