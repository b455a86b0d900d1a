import { AwsCallError } from "../../../aws/call";
import { inParallel } from "../../../in-parallel";
import { locksOn, type RunLock } from "../../project/held-locks";
import {
  type OrgBackend,
  type OrgBackends,
  orgBackends,
  withLockTable,
} from "../../project/org-backends";
import { withStateStore } from "../../project/state-store";
import type { Io } from "../../terminal/io";

const AT_ONCE = 10;

/** The locks on the state of one org. */
export interface OrgLocks extends OrgBackend {
  readonly locks: readonly RunLock[];
  /** The reason why they could not be read. */
  readonly problem?: string;
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
    return { ...each, locks: await withStateStore(backend, locksOn) };
  } catch (error) {
    // Without credentials, the locks of no other org can be read either.
    if (!(error instanceof AwsCallError) || error.code === "CredentialsProviderError") throw error;
    return { ...each, locks: [], problem: error.message };
  }
}
