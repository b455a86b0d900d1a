import { runFolderOf } from "../../registry/names";
import type { LockInfo, StateStore, StoredObject } from "../project/state-store";
import { onOneLine } from "../terminal/printable";
import { type RunRecord, runTimeText } from "./run-record";

/** A run by its record. */
export interface RecordedRun extends RunRecord {
  /** @default - it is running, or was killed */
  readonly ended?: Pick<RunRecord, "at" | "outcome">;
}

/** Time from the start of a run to an apply, in milliseconds: an approval may take days. */
const LONGEST_RUN = 30 * 24 * 3_600_000;
/** Time from the record of an apply to its lock, in milliseconds: it may wait for another run. */
const LONGEST_WAIT = 3_600_000;
/** Difference of clocks, in milliseconds. AWS refuses requests whose time is further off. */
const CLOCKS = 15 * 60_000;
/** Runs whose records are read. */
const MOST_RUNS = 50;

/**
 * Returns for each lock on the state of a stack the run that holds it, as far as its record shows: the last
 * one of the same user and host that began within an hour before the lock was taken, and had not ended then.
 * It may have ended since, if its Terraform was killed.
 *
 * @throws AwsCallError when the records cannot be read
 */
export async function runsOfLocks(
  store: StateStore,
  { org, stack }: Pick<RunRecord, "org" | "stack">,
  locks: readonly LockInfo[],
): Promise<(RecordedRun | undefined)[]> {
  const times = locks.filter(isRecorded).map(({ created }) => created);
  if (times.length === 0) return locks.map(() => undefined);
  const folder = `${runFolderOf(org)}/`;
  const start = runTimeText(Math.min(...times) - LONGEST_RUN);
  const objects = await store.listObjects(folder, `${folder}${start}`);
  const runs = await Promise.all(
    beginsAround(times, objects).map((key) => readRun(store, key, objects)),
  );
  const ofStack = runs
    .filter((run) => run?.stack === stack)
    .sort((one, other) => Date.parse(other?.at ?? "") - Date.parse(one?.at ?? ""));
  return locks.map((lock) => ofStack.find((run) => run && isRecorded(lock) && holds(run, lock)));
}

/** Whether the run of a lock may have a record: only an apply has one. */
const isRecorded = ({ operation, created }: LockInfo) =>
  operation === "OperationTypeApply" && !Number.isNaN(created);

function holds({ author, at, ended }: RecordedRun, { who, created }: LockInfo): boolean {
  const waited = created - Date.parse(at);
  const isBefore = waited >= 0 && waited <= LONGEST_WAIT;
  return author.user === who && isBefore && !(ended && Date.parse(ended.at) < created);
}

const [BEGUN, ENDED] = [".begun.json", ".ended.json"];
const endOf = (begun: string) => `${begun.slice(0, -BEGUN.length)}${ENDED}`;

/** Returns the keys of the records of runs that may have taken a lock at one of the times. */
function beginsAround(times: readonly number[], objects: readonly StoredObject[]): string[] {
  const written = new Map(objects.map(({ key, written }) => [key, written]));
  const mayHold = ({ key, written: begun }: StoredObject) => {
    const ended = written.get(endOf(key)) ?? Number.POSITIVE_INFINITY;
    return times.some(
      (time) =>
        begun >= time - LONGEST_WAIT - CLOCKS && begun <= time + CLOCKS && ended >= time - CLOCKS,
    );
  };
  const begins = objects.filter((object) => object.key.endsWith(BEGUN) && mayHold(object));
  return begins.slice(-MOST_RUNS).map(({ key }) => key);
}

async function readRun(
  store: StateStore,
  begun: string,
  objects: readonly StoredObject[],
): Promise<RecordedRun | undefined> {
  const read = async (key: string) => recordIn((await store.readObject(key))?.text ?? "");
  const record = await read(begun);
  if (!record || !objects.some(({ key }) => key === endOf(begun))) return record;
  const end = await read(endOf(begun));
  return end && { ...record, ended: { at: end.at, outcome: end.outcome } };
}

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
