import { chmodSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsCallError } from "../../../../aws/call";
import { counted } from "../../../../counted";
import { UserError } from "../../../../errors";
import type { HomeReport } from "../../../../registry/report";
import {
  describeState,
  isSameState,
  readState,
  type TerraformState,
} from "../../../../terraform/terraform-state";
import { StateStore } from "../../../project/state-store";
import type { Io } from "../../../terminal/io";

/** The state of a home's own stack, in its two possible places. */
export interface HomeState {
  /** The local file of the time before the bucket existed. */
  readonly file: string;
  /** The state in the file; undefined if it has no objects that a stack created. */
  readonly local?: TerraformState;
  /** The state in the bucket. */
  readonly inBucket?: TerraformState;
  /** `s3://<bucket>/<key>`. */
  readonly url: string;
}

/** The way of a home's own state into the home's bucket. */
export type Move = "write" | "keep file" | "nothing";

/**
 * Finds a home's own state.
 *
 * @param localPath path of the stack's backend, if that is a local file
 * @throws UserError if the state cannot be read, is different in both places, or is missing although
 *   the home is recorded
 */
export async function findHomeState(
  io: Io,
  home: HomeReport,
  localPath?: string,
): Promise<HomeState> {
  // The name that cdktf gives it if a stack has no backend.
  const file = localPath ?? join(io.cwd, `terraform.${home.stack}.tfstate`);
  const found = await inFile(file);
  const local = found && found.objects > 0 ? found : undefined;
  const { url, state: inBucket } = await stateInBucket(home);
  const state = { file, local, inBucket, url };
  if (local && inBucket && !isSameState(local, inBucket)) {
    throw new UserError(
      `${home.stack} has two different states, and neither was changed:\n  ${file}: ${describeState(local)}\n  ${url}: ${describeState(inBucket)}\nKeep the one whose objects exist: move the file away, or restore an earlier version of the object`,
    );
  }
  if (home.kmsKeyArn !== undefined && !local && !inBucket) {
    throw new UserError(
      `home ${home.name} is recorded, but its state was not found in ${url} or in ${file}. Run this command in the folder where ${home.stack} was first deployed, or copy ${relative(io.cwd, file)} from there`,
    );
  }
  return state;
}

/** Returns the work that brings a home's state into the bucket, and only there. */
export function moveOf({ local, inBucket }: Pick<HomeState, "local" | "inBucket">): Move {
  if (!local) return "nothing";
  return inBucket ? "keep file" : "write";
}

/**
 * Moves the state of a home from its local file into the bucket, or completes such a move.
 *
 * @param home with a recorded key: the bucket refuses unencrypted objects
 * @returns the new name of the local file
 */
export async function moveIntoBucket(state: HomeState, home: HomeReport): Promise<string> {
  const { file, url } = state;
  const bytes = readFileSync(file);
  const local = readState(file, bytes.toString("utf8"));
  if (moveOf(state) === "write") await writeIntoBucket(home, bytes);
  const { state: moved } = await stateInBucket(home);
  if (!moved || !isSameState(local, moved)) {
    throw new UserError(
      `${url} differs from ${file}, which was kept:\n  ${file}: ${describeState(local)}\n  ${url}: ${moved ? describeState(moved) : "nothing"}`,
    );
  }
  // Named after its lineage, so that it never overwrites another state.
  const kept = `${file}.moved-${local.lineage.slice(0, 8)}`;
  chmodSync(file, 0o600);
  renameSync(file, kept);
  return kept;
}

/** Describes the state of a home. */
export function describeHomeState(io: Io, { file, local, inBucket, url }: HomeState): string {
  const parts = [
    ...(local ? [`${counted(local.objects, "object")} in ${relative(io.cwd, file)}`] : []),
    ...(inBucket ? [`${counted(inBucket.objects, "object")} in ${url}`] : []),
  ];
  return parts.join(", ") || "no state";
}

/** Reads a file that the Terraform of a killed run may be writing at this moment. */
async function inFile(file: string): Promise<TerraformState | undefined> {
  for (let attempt = 1; ; attempt++) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    // Terraform creates the file before it has anything to write.
    if (text.trim() === "") return undefined;
    try {
      return readState(file, text);
    } catch (error) {
      // Terraform writes in place, so the file is incomplete for a moment.
      if (attempt === ATTEMPTS) throw error;
      await sleep(BETWEEN_ATTEMPTS);
    }
  }
}

const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS = 50; // milliseconds

async function writeIntoBucket(home: HomeReport, state: Uint8Array): Promise<void> {
  const { bucket, stateKey: key, region, kmsKeyArn: kms_key_id } = home;
  const store = new StateStore({ bucket, key, region, kms_key_id });
  try {
    await store.create(state);
  } catch (error) {
    // Somebody else was faster: their state is compared next.
    if (!(error instanceof AwsCallError) || error.code !== "PreconditionFailed") throw error;
  } finally {
    store.close();
  }
}

async function stateInBucket({ account, bucket, stateKey: key, region }: HomeReport) {
  const store = new StateStore({ bucket, key, region });
  try {
    const object = await store.state();
    return { url: store.url, state: object && readState(store.url, object.text) };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    if (error.code === "NoSuchBucket") return { url: store.url };
    if (error.code !== "AccessDenied") throw error;
    throw new UserError(
      `${error.message}\nUse credentials of a state admin in account ${account}. If this home does not exist yet, the bucket belongs to somebody else: bucket names are global, so choose another one`,
    );
  } finally {
    store.close();
  }
}
