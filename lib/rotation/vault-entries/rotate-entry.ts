import type { PlatformApi } from "../../genesys/platform-api";
import { CasMismatchError } from "../../vault/client/kv-store";
import { type Action, actionOn, execute } from "../action";
import { createSuccessor } from "./create-successor";
import { type Entry, rotatedMeanwhile } from "./entry";
import type { EntryRotationProps } from "./entry-rotation-props";
import type { Waiting } from "./plan-retirement";
import { survey } from "./survey";

/** What was done, or would be. */
export interface EntryRotation {
  /** The entry's newest version before, and now. */
  readonly before: number;
  readonly version: number;
  /** Since when the entry had the credential that it had before. Milliseconds since 1970. */
  readonly since: number;
  /** Whether another credential was made, or would be. */
  readonly rotated: boolean;
  /** The client that was made. */
  readonly client?: { readonly id: string; readonly name: string };
  /** What was done with clients of before. */
  readonly actions: readonly Action[];
  /** Clients of before that stay for now. */
  readonly waiting: readonly Waiting[];
}

/**
 * Gives an entry another client, by the org's master, and looks after those that it had before. The
 * entry's newest version works at every moment, and after a crash the same again goes on.
 *
 * @throws Error without a secret in it; the entry is as it was then, or has a version that works
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
    rotated: rotates,
    actions: [...retirement.actions, ...stale],
    waiting: retirement.waiting,
  };
  if (dryRun) return outcome;
  await retire(props, api, retirement.actions);
  if (!rotates) return outcome;
  const fenced = stale.length > 0 ? await fence(props, entry) : entry.version;
  await retire(props, api, stale);
  props.onStep?.(`making another client for ${credential}`);
  const client = await createSuccessor(props, found, fenced);
  return { ...outcome, version: fenced + 1, client: { id: client.id, name: client.name } };
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
 * Writes the same once more. Whoever else is about to write the version that comes next cannot any
 * more, so what they made is nobody's.
 * @returns the newest version
 */
async function fence({ store, signal }: EntryRotationProps, entry: Entry): Promise<number> {
  signal?.throwIfAborted();
  try {
    return await store.put(entry.path, entry.value, entry.version);
  } catch (error) {
    throw error instanceof CasMismatchError ? rotatedMeanwhile(entry) : error;
  }
}
