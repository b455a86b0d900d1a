import { UserError } from "../../../errors";
import { requireTerraform, type TerraformRun } from "../../../terraform/binary";
import { failureText } from "../../../terraform/diagnostics";
import { runOnState } from "../../../terraform/run-on-state";
import {
  holderText,
  kindsOf,
  kindsText,
  type LockKind,
  locksOn,
  RUNBOOK,
  type RunLock,
} from "../../project/held-locks";
import { type OrgBackend, stackText, withLockTable } from "../../project/org-backends";
import { type S3Backend, type StateStore, withStateStore } from "../../project/state-store";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";

/** Milliseconds: a younger lock is probably that of a live run. */
const YOUNG = 15 * 60_000;

/** The result of a removal, and the locks that are held now. */
export interface Removal {
  /** `gone`: the lock is no longer held, but Terraform did not remove it. */
  readonly outcome: "removed" | "gone" | "nothing done";
  readonly left: readonly RunLock[];
}

/** A {@link Removal}, and the lock; undefined if no lock is held. */
export interface Unlocking extends Removal {
  readonly lock: RunLock | undefined;
}

/** How to unlock a state. */
export interface UnlockProps {
  /** An earlier lock table, for a backend that no longer names one. */
  readonly table?: string;
  /** Whether a young lock is removed as well. @default false */
  readonly force?: boolean;
  /** Whether the lock is removed, or only looked for. @default false */
  readonly yes?: boolean;
}

/**
 * Looks for a lock, and removes it.
 *
 * @throws UserError if the id is another one, the run may be alive, or the removal failed
 */
export function unlockState(
  io: Io,
  place: OrgBackend,
  id: string,
  { table, force = false, yes = false }: UnlockProps,
): Promise<Unlocking> {
  return withStateStore(withLockTable(place.backend, table), async (store) => {
    const held = await locksOn(store);
    const lock = withId(held, id);
    if (!lock && held.length > 0) throw new UserError(notTheId(place, held, id, io.now()));
    if (lock && !force) refuseYoung(stackText(place), lock, io.now());
    if (!lock || !yes) return { lock, outcome: "nothing done", left: held };
    return { lock, ...(await remove(io, place, store, lock)) };
  });
}

/**
 * Returns the stack whose state has a lock with this id; otherwise the first one with another lock, or the
 * org's own stack.
 *
 * @param table an earlier lock table, for backends that no longer name one
 */
export async function placeOfLock(
  [own, ...components]: readonly [OrgBackend, ...OrgBackend[]],
  id: string,
  table: string | undefined,
): Promise<OrgBackend> {
  if (components.length === 0) return own;
  let locked: OrgBackend | undefined;
  for (const place of [own, ...components]) {
    const held = await withStateStore(withLockTable(place.backend, table), locksOn);
    if (withId(held, id)) return place;
    if (held.length > 0) locked ??= place;
  }
  return locked ?? own;
}

const withId = (locks: readonly RunLock[], wanted: string): RunLock | undefined =>
  locks.find(({ id }) => id !== "" && id === wanted);

function notTheId(place: OrgBackend, held: readonly RunLock[], id: string, now: number) {
  const { backend } = place;
  const lines = held.map((lock) => {
    const shown = lock.id || `an unreadable lock (${RUNBOOK})`;
    return `  ${shown} (${kindsText(lock, kindsOf(backend))}): ${holderText(lock, now)}`;
  });
  return `${stackText(place)}: no lock has the id ${id}; these locks are held:\n${lines.join("\n")}`;
}

function refuseYoung(name: string, lock: RunLock, now: number): void {
  // A lock may also be young if its time is unknown, or in the future by another machine's clock.
  if (now - lock.created >= YOUNG) return;
  const why = Number.isNaN(lock.created)
    ? "its time is unknown, so its run may be alive"
    : "it is younger than 15 minutes, so its run is probably alive";
  throw new UserError(
    `${name}: lock ${lock.id} (${holderText(lock, now)}) was not removed: ${why}. If you know that the run is dead, add --force`,
  );
}

/**
 * Has Terraform remove a lock, and checks the result: if one of two kinds is missing, or may not be
 * removed, Terraform removes the other one and fails.
 */
async function remove(
  io: Io,
  place: OrgBackend,
  store: StateStore,
  lock: RunLock,
): Promise<Removal> {
  const terraform = await requireTerraform(io, "install it: Terraform removes the lock");
  const progress = await startProgress(io);
  const name = stackText(place);
  try {
    let left: RunLock[] = [];
    let remaining: RunLock | undefined = lock;
    let failure: string | undefined;
    // A second time for the kind that the first time left.
    for (let round = 0; remaining && round < 2; round++) {
      progress.step(`${name}: terraform force-unlock (${remaining.kinds.join(", ")})`);
      failure = await forceUnlock(terraform, place.stack, store.backend, remaining);
      left = await locksOn(store);
      remaining = withId(left, lock.id);
    }
    if (!remaining) return { outcome: failure === undefined ? "removed" : "gone", left };
    const kinds = remaining.kinds.join(", ");
    throw new UserError(
      `${name}: lock ${lock.id} is still held (${kinds}):\n${failure ?? "Terraform reported that it had removed the lock"}`,
    );
  } finally {
    progress.stop();
  }
}

/** @returns Terraform's errors; undefined if it removed the lock */
function forceUnlock(
  terraform: TerraformRun,
  stack: string,
  backend: S3Backend,
  { id, kinds }: RunLock,
): Promise<string | undefined> {
  const block = { s3: onlyLockKinds(backend, kinds) };
  return runOnState(
    terraform,
    stack,
    block,
    async (state) => {
      const result = await state.try("force-unlock", "-force", "-no-color", id);
      return result.code === 0 ? undefined : failureText(result);
    },
    { unread: true },
  );
}

/** Returns a backend that locks only with these kinds. */
function onlyLockKinds(backend: S3Backend, kinds: readonly LockKind[]): S3Backend {
  const { use_lockfile: _, dynamodb_table, ...place } = backend;
  return {
    ...place,
    ...(kinds.includes("s3") && { use_lockfile: true }),
    ...(kinds.includes("dynamodb") && { dynamodb_table }),
  };
}
