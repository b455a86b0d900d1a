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

/** Where the own state of a home is. */
export interface HomeState {
  /** File that has it, or had it, before there was a bucket. */
  readonly file: string;
  /** What the file has; undefined where it has nothing that a stack created. */
  readonly local?: TerraformState;
  /** What the bucket has. */
  readonly inBucket?: TerraformState;
  /** `s3://<bucket>/<key>`. */
  readonly url: string;
}

/** How a home's own state gets into the home. */
export type Move = "write" | "keep file" | "nothing";

/**
 * Looks where a home's own state is.
 *
 * @param localPath of the stack's backend, as long as that is a local file
 * @throws UserError where that cannot be seen, or a state is in two places, or in none although
 *   the home is recorded
 */
export async function findHomeState(
  io: Io,
  home: HomeReport,
  localPath?: string,
): Promise<HomeState> {
  // As cdktf names it, where a stack has no backend.
  const file = localPath ?? join(io.cwd, `terraform.${home.stack}.tfstate`);
  const found = await inFile(file);
  const local = found && found.objects > 0 ? found : undefined;
  const { url, state: inBucket } = await stateInBucket(home);
  const state = { file, local, inBucket, url };
  if (local && inBucket && !isSameState(local, inBucket)) {
    throw new UserError(
      `${home.stack} has two states, and neither was touched:\n  ${file}: ${describeState(local)}\n  ${url}: ${describeState(inBucket)}\nKeep the one whose objects exist: move the file away, or restore another version of the object`,
    );
  }
  if (home.kmsKeyArn !== undefined && !local && !inBucket) {
    throw new UserError(
      `home ${home.name} is recorded, but ${url} has no state, and neither has ${file}: run this in the folder where ${home.stack} was first deployed, or put its ${relative(io.cwd, file)} there`,
    );
  }
  return state;
}

/** What has to be done so that a home's state is in the bucket alone. */
export function moveOf({ local, inBucket }: Pick<HomeState, "local" | "inBucket">): Move {
  if (!local) return "nothing";
  return inBucket ? "keep file" : "write";
}

/**
 * Moves the state of a home from its local file into the bucket; what was done of it before stays
 * done.
 *
 * @param home with its key recorded: the bucket takes nothing that is not encrypted
 * @returns where the local file is kept
 */
export async function moveIntoBucket(state: HomeState, home: HomeReport): Promise<string> {
  const { file, url } = state;
  const bytes = readFileSync(file);
  const local = readState(file, bytes.toString("utf8"));
  if (moveOf(state) === "write") await writeIntoBucket(home, bytes);
  const { state: moved } = await stateInBucket(home);
  if (!moved || !isSameState(local, moved)) {
    throw new UserError(
      `${url} is not what was in ${file}, which stays:\n  ${file}: ${describeState(local)}\n  ${url}: ${moved ? describeState(moved) : "nothing"}`,
    );
  }
  // By its lineage, so that no other state of another time is overwritten.
  const kept = `${file}.moved-${local.lineage.slice(0, 8)}`;
  chmodSync(file, 0o600);
  renameSync(file, kept);
  return kept;
}

/** What is there, in words. */
export function describeHomeState(io: Io, { file, local, inBucket, url }: HomeState): string {
  const parts = [
    ...(local ? [`${counted(local.objects, "object")} in ${relative(io.cwd, file)}`] : []),
    ...(inBucket ? [`${counted(inBucket.objects, "object")} in ${url}`] : []),
  ];
  return parts.join(", ") || "no state";
}

/** What a file has, which a Terraform of a killed run may be writing just now. */
async function inFile(file: string): Promise<TerraformState | undefined> {
  for (let attempt = 1; ; attempt++) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    // Terraform makes the file before it has anything to write.
    if (text.trim() === "") return undefined;
    try {
      return readState(file, text);
    } catch (error) {
      // It is written in place, so that for a moment it ends too early.
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
    // Somebody was faster: what they wrote is looked at next.
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
      `${error.message}\nUse credentials of a state admin in account ${account}. If nobody created this home yet, the bucket is somebody else's: names of buckets are global, choose another`,
    );
  } finally {
    store.close();
  }
}
