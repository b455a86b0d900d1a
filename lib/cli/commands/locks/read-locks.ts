import { AwsCallError } from "../../../aws/call";
import { inParallel } from "../../../in-parallel";
import { locksOn, type RunLock } from "../../project/held-locks";
import {
  type OrgBackend,
  type OrgBackends,
  orgBackends,
  withLockTable,
} from "../../project/org-backends";
import { type StateStore, withStateStore } from "../../project/state-store";
import { runsOfLocks } from "../../runs/open-runs";
import type { RunRecord } from "../../runs/run-record";
import type { Io } from "../../terminal/io";

const AT_ONCE = 10;

/** A lock, and the record of the run that holds it. */
export interface RecordedLock extends RunLock {
  /** @default - no record fits */
  readonly run?: RunRecord;
}

/** The locks on one state of an org. */
export interface OrgLocks extends OrgBackend {
  readonly locks: readonly RecordedLock[];
  /** The reason why they could not be read. */
  readonly problem?: string;
  /** The reason why the records of their runs could not be read. */
  readonly noRecords?: string;
}

/** The locks on the states of orgs. */
export interface LockList extends Pick<OrgBackends, "without"> {
  readonly found: readonly OrgLocks[];
}

/**
 * Reads the locks on the states of orgs.
 *
 * @param names empty for all
 * @param table an earlier lock table, for orgs whose backend no longer names one
 */
export async function readLocks(
  io: Io,
  names: readonly string[],
  table?: string,
): Promise<LockList> {
  const { backends, without } = await orgBackends(io, names);
  const found = await inParallel(backends, AT_ONCE, (each) => {
    io.signal.throwIfAborted();
    return locksOf(each, table);
  });
  return { found, without };
}

async function locksOf(each: OrgBackend, table: string | undefined): Promise<OrgLocks> {
  try {
    const backend = withLockTable(each.backend, table);
    return await withStateStore(backend, async (store) => {
      const locks = await locksOn(store);
      return { ...each, locks, ...(await recordsOf(store, each, locks)) };
    });
  } catch (error) {
    // Without credentials, the locks of no other org can be read either.
    if (!(error instanceof AwsCallError) || error.code === "CredentialsProviderError") throw error;
    return { ...each, locks: [], problem: error.message };
  }
}

/** Adds the records of the runs: without a permission to read them, the locks are still listed. */
async function recordsOf(
  store: StateStore,
  { org, stack }: OrgBackend,
  locks: readonly RunLock[],
): Promise<Partial<OrgLocks>> {
  try {
    const runs = await runsOfLocks(store, { name: org.name, stack }, locks);
    return { locks: locks.map((lock, index) => ({ ...lock, run: runs[index] })) };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { noRecords: error.message };
  }
}
