import { runFolderOf } from "../../registry/names";
import type { LockInfo, StateStore } from "../project/state-store";
import { onOneLine } from "../terminal/printable";
import { type RunRecord, runTimeText } from "./run-record";

/** Records that are read: those of killed runs are never completed. */
const MOST_OPEN = 50;

/**
 * Returns the runs of an org that have begun and not ended, newest first: they are running, or were killed.
 *
 * @param since milliseconds since 1970; runs with an earlier start are left out
 */
export async function openRuns(
  store: StateStore,
  org: string,
  since: number,
): Promise<RunRecord[]> {
  const folder = `${runFolderOf(org)}/`;
  const keys = await store.objectKeys(folder, `${folder}${runTimeText(since)}`);
  const all = new Set(keys);
  const open = keys.filter(
    (key) => key.endsWith(BEGUN) && !all.has(`${key.slice(0, -BEGUN.length)}${ENDED}`),
  );
  const objects = await Promise.all(open.slice(-MOST_OPEN).map((key) => store.readObject(key)));
  return objects
    .flatMap((object) => recordIn(object?.text ?? "") ?? [])
    .sort((one, other) => (one.at < other.at ? 1 : -1));
}

const [BEGUN, ENDED] = [".begun.json", ".ended.json"];

/** Reads a record. Those who may write one of this org may write anything into it. */
function recordIn(text: string): RunRecord | undefined {
  try {
    const record: Partial<RunRecord> = Object(
      JSON.parse(text, (_key, value) => (typeof value === "string" ? onOneLine(value) : value)),
    );
    const { version, run, stack, command, at, author } = record;
    const texts = [run, stack, command, at, author?.user];
    const isRecord = version === 1 && texts.every((value) => typeof value === "string");
    return isRecord ? (record as RunRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Time for which the run of a lock may have been on its way, in milliseconds: approvals take days. */
const LONGEST_RUN = 30 * 24 * 3_600_000;
/** The longest time between the record of a run and its lock, in milliseconds: it may wait for a lock. */
const LONGEST_WAIT = 3_600_000;

/** Whether a run may have taken a lock: the lock of an apply, since a plan has no record. */
const mayHaveRecord = ({ operation, created }: LockInfo) =>
  operation === "OperationTypeApply" && !Number.isNaN(created);

/**
 * Returns for each lock on a stack's state the record of its run, as far as there is one. It is the last
 * open run of the same user and host that began within an hour before the lock was taken.
 *
 * @throws AwsCallError when the records cannot be read
 */
export async function runsOfLocks(
  store: StateStore,
  { name, stack }: { readonly name: string; readonly stack: string },
  locks: readonly LockInfo[],
): Promise<(RunRecord | undefined)[]> {
  const dated = locks.filter(mayHaveRecord);
  if (dated.length === 0) return locks.map(() => undefined);
  const earliest = Math.min(...dated.map(({ created }) => created));
  const runs = await openRuns(store, name, earliest - LONGEST_RUN);
  const ofStack = runs.filter((run) => run.stack === stack);
  return locks.map((lock) => {
    if (!mayHaveRecord(lock)) return undefined;
    return ofStack.find(({ author, at }) => {
      const waited = lock.created - Date.parse(at);
      return author.user === lock.who && waited >= 0 && waited <= LONGEST_WAIT;
    });
  });
}
