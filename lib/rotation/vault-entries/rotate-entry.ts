import type { PlatformApi } from "../../genesys/platform-api";
import { CasMismatchError } from "../../vault/client/kv-store";
import { type Action, actionOn, execute } from "../action";
import { createSuccessor } from "./create-successor";
import type { EntryRotationProps } from "./entry-rotation-props";
import type { Waiting } from "./plan-retirement";
import { survey } from "./survey";
import { type Entry, rotatedMeanwhile } from "./vault-entry";

/** The result of a rotation; in a dry run, the result that it would have. */
export interface EntryRotation {
  /** The entry's newest version before the rotation. */
  readonly before: number;
  /** The entry's newest version now. */
  readonly version: number;
  /** Time at which the entry got its previous credential. Milliseconds since 1970. */
  readonly since: number;
  /**
   * When Vault will delete the version before by itself, as it then does with each. Milliseconds since 1970.
   * @default - never
   */
  readonly deletedAt?: number;
  /** Whether a new credential was written, or would be. */
  readonly rotated: boolean;
  /** The client that was created. */
  readonly client?: { readonly id: string; readonly name: string };
  /** Actions on the clients of earlier versions. */
  readonly actions: readonly Action[];
  /** Clients of earlier versions that stay for now. */
  readonly waiting: readonly Waiting[];
  /** Clients that look like the entry's, and are left alone. */
  readonly unproven: readonly Waiting[];
}

/**
 * Rotates the credential of an entry: creates a client as the org's master, writes it to the
 * entry, and retires the clients of earlier versions. The entry's newest version works at every
 * moment. After a crash, the same call continues the work.
 *
 * @throws Error without a secret; the entry is then unchanged, or its newest version works
 */
export async function rotateEntry(props: EntryRotationProps): Promise<EntryRotation> {
  const { credential, clock, dryRun = false, retireOnly = false, ifOlderThan } = props;
  const found = await survey(props);
  const { api, entry, retirement } = found;
  const isDue = ifOlderThan === undefined || clock.now() - entry.since >= ifOlderThan;
  const rotates = isDue && !retireOnly;
  const stale = rotates
    ? retirement.unwritten.map((client) =>
        actionOn(client, "deactivate", "its rotation was not finished"),
      )
    : [];
  const outcome = {
    before: entry.version,
    version: entry.version,
    since: entry.since,
    deletedAt: entry.deletedAt,
    rotated: rotates,
    actions: [...retirement.actions, ...stale],
    waiting: retirement.waiting,
    unproven: retirement.unproven,
  };
  if (dryRun) return outcome;
  if (outcome.actions.length > 0) await settle(props, entry);
  await retire(props, api, retirement.actions);
  if (!rotates) return outcome;
  const fenced = stale.length > 0 ? await fence(props, entry) : entry.version;
  await retire(props, api, stale);
  props.onStep?.(`creating another client for ${credential}`);
  const client = await createSuccessor(props, found, fenced);
  return { ...outcome, version: fenced + 1, client: { id: client.id, name: client.name } };
}

/** Makes sure that the entry is as it was read: a rollback needs a client that would be retired. */
async function settle({ store, signal }: EntryRotationProps, entry: Entry): Promise<void> {
  signal?.throwIfAborted();
  try {
    await store.settle?.(entry.path, entry.version);
  } catch (error) {
    throw error instanceof CasMismatchError ? rotatedMeanwhile(entry) : error;
  }
}

async function retire(
  { signal, onStep }: EntryRotationProps,
  api: PlatformApi,
  actions: readonly Action[],
): Promise<void> {
  for (const action of actions) {
    signal?.throwIfAborted();
    onStep?.(`${action.kind} ${action.clientName}`);
    await execute(api, action);
  }
}

/**
 * Writes the entry's value once more, so that nobody else can write the next version any more. A
 * client that was created for that version then belongs to nobody.
 * @returns the number of the newest version
 */
async function fence({ store, signal }: EntryRotationProps, entry: Entry): Promise<number> {
  signal?.throwIfAborted();
  try {
    return await store.put(entry.path, entry.value, entry.version);
  } catch (error) {
    throw error instanceof CasMismatchError ? rotatedMeanwhile(entry) : error;
  }
}
