import { randomBytes } from "node:crypto";
import { AwsCallError } from "../../aws/call";
import { UserError } from "../../errors";
import { runRecordKeyOf, stackIdOf } from "../../registry/names";
import { isOfAws } from "../../registry/state-place";
import type { S3Backend, StateStore } from "../project/state-store";
import type { Counts } from "./plan-summary";
import type { Outcome, RunAuthor } from "./run-report";

/**
 * The record that a run keeps of one stack, next to the stack's state: one when its apply begins, and one
 * when that has ended. Neither is ever changed. It has no value of the configuration and no error text.
 */
export interface RunRecord {
  /** Changes when a field is removed or changes its meaning. */
  readonly version: 1;
  /** For example `20261129t021500z-3f9c1b2e`. */
  readonly run: string;
  readonly org: string;
  readonly stack: string;
  readonly event: "begun" | "ended";
  readonly command: "deploy" | "destroy";
  readonly author: RunAuthor;
  /** ISO 8601 time in UTC. */
  readonly at: string;
  /** Commit that was checked out. @default - no git */
  readonly commit?: string;
  /** Version of this library. */
  readonly library: string;
  /** For example `Terraform 1.11.4`. */
  readonly terraform: string;
  /** SHA-256 of the plan's changes. */
  readonly digest: string;
  readonly counts: Counts;
  /** Only of the event `ended`. */
  readonly outcome?: Outcome;
}

/** Returns the id of a new run. Ids sort by time, apart from those of the same second. */
export const newRunId = (now: number): string =>
  `${runTimeText(now)}-${randomBytes(4).toString("hex")}`;

/** The time in the id of a run, for example `20261129t021500z`. */
export const runTimeText = (time: number): string =>
  new Date(time)
    .toISOString()
    .replace(/[-:]|\.\d+/g, "")
    .toLowerCase();

/**
 * Writes a record, which nobody but a state admin can overwrite or delete.
 *
 * @param store of the stack's state
 * @param home name of the org's state home
 * @throws UserError when the credentials may not write it, or the run has another record of this event
 */
export async function writeRunRecord(
  store: StateStore,
  record: RunRecord,
  home: string,
): Promise<void> {
  const { run, org, event } = record;
  const { backend } = store;
  const key = keyOf(record);
  const text = textOf(record);
  try {
    await create(store, key, text);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    // The request may have been repeated after its first answer was lost.
    const isTaken = TAKEN.includes(error.code);
    if (isTaken && (await store.readObject(key))?.text === text) return;
    const reason = isTaken
      ? `s3://${backend.bucket}/${key} already has another one, and an id is for one run: start a new run`
      : `${error.message}${error.code === "AccessDenied" ? `: ${permit(backend, org, home)}` : ""}`;
    throw new UserError(`${org}: the record "${event}" of run ${run} cannot be written: ${reason}`);
  }
}

// S3 answers 409 when two write at the same time.
const TAKEN = ["PreconditionFailed", "ConditionalRequestConflict"];

async function create(store: StateStore, key: string, text: string): Promise<void> {
  try {
    await store.createObject(key, text);
  } catch (error) {
    // An S3-compatible store without conditional writes. No other run has this id.
    if (!(error instanceof AwsCallError) || error.code !== "NotImplemented") throw error;
    await store.createObject(key, text, false);
  }
}

const permit = ({ endpoints }: S3Backend, org: string, home: string): string =>
  endpoints?.s3 === undefined || isOfAws(endpoints.s3)
    ? `use the credentials of the org's writer; if they are, its role is older than the records: run \`genesys-orgs state bootstrap ${home} --org ${org} --yes\` as a state admin`
    : `let the runners of ${org} create and read ${runRecordKeyOf(org, "*")} in the store`;

/** The own stack of an org has the run's id alone, a component's stack also the component's name. */
const keyOf = ({ org, stack, run, event }: RunRecord): string =>
  runRecordKeyOf(org, `${run}${stack.slice(stackIdOf(org).length)}.${event}`);

/** Only these fields: an object at hand may have more, such as an error. */
function textOf(record: RunRecord): string {
  const { version, run, org, stack, event, command, at, commit } = record;
  const { library, terraform, digest, counts, outcome } = record;
  const { user, arn, job } = record.author;
  const author = { user, arn, job };
  const head = { version, run, org, stack, event, command, author, at, commit };
  return `${JSON.stringify({ ...head, library, terraform, digest, counts, outcome }, null, 2)}\n`;
}
