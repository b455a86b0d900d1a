import { createHash } from "node:crypto";
import { UserError } from "../../../../errors";
import type { OrgReport } from "../../../../registry/report";
import type { TerraformRun } from "../../../../terraform/binary";
import { runOnState } from "../../../../terraform/run-on-state";
import {
  describeState,
  isSame,
  isSameState,
  readState,
  type TerraformState,
} from "../../../../terraform/terraform-state";
import { RUNBOOK } from "../../../project/held-locks";
import type { HeldLock, S3Backend, StateStore } from "../../../project/state-store";
import { writeBackup } from "./backup";
import { asWritten, pushState } from "./push-state";
import type { StateSource } from "./state-source";

/** A state that was read in its old place. */
export interface SourceState {
  readonly text: string;
  readonly md5: string;
  readonly state: TerraformState;
}

/** What is in the new place: `same` is the state that is to be moved. */
export type TargetContent = "nothing" | "empty state" | "same";

/** @throws UserError when it is no state that can be moved to the org, or somebody works with it */
export async function readSource(source: StateSource, org: OrgReport): Promise<SourceState> {
  const [lock] = await source.locks();
  if (lock) {
    throw new UserError(
      `${source.name} is locked: ${describeLock(lock)}. Wait for its end; if that run is dead, force-unlock it where it ran (for a file, remove its .lock.info)`,
    );
  }
  const found = await source.read();
  if (!found) throw new UserError(`there is no state ${source.name}`);
  const { text, md5 } = found;
  if (createHash("md5").update(text).digest("hex") !== md5) {
    throw new UserError(`${source.name} is not a Terraform state: it is not UTF-8`);
  }
  const digest = await source.digest();
  if (digest !== undefined && digest !== md5) {
    throw new UserError(
      `${source.name} has the MD5 ${md5}, but its lock table says ${digest}: a run without the table wrote it, or it is not the last one. See which version of the object is the right one, and set the digest of its -md5 item to that version's MD5`,
    );
  }
  const state = readState(source.name, text);
  if (state.isEmpty) {
    throw new UserError(
      `${source.name} is empty (lineage ${state.lineage}, serial ${state.serial}): there is nothing to move`,
    );
  }
  const others = state.organizationIds.filter((id) => id !== org.organizationId);
  if (others.length > 0) {
    throw new UserError(
      `${source.name} has read the Genesys Cloud organisation ${others.join(", ")}, and ${org.name} is ${org.organizationId}: it is another organisation's state, or that of several (divide it first, with \`terraform state mv -state-out\`)`,
    );
  }
  return { text, md5, state };
}

/** @throws UserError when the target has something else than an empty state or the same one */
export async function lookAtTarget(
  target: StateStore,
  org: OrgReport,
  state: TerraformState,
): Promise<TargetContent> {
  const lock = (await target.lockFileIfAllowed()) ?? (await target.lockItem());
  if (lock) {
    const how = lock.id === "" ? RUNBOOK : `\`genesys-orgs unlock ${org.name} ${lock.id}\``;
    throw new UserError(
      `${target.url} is locked: ${describeLock(lock)}. Wait for its end; if that run is dead, remove its lock (${how}), and start this again`,
    );
  }
  const there = await target.state();
  const found = there && readState(target.url, there.text);
  const isThere = found !== undefined && isSame(found, state) && found.serial - state.serial <= 1;
  await refuseStaleDigest(target, org, there?.md5, isThere);
  if (!found) return "nothing";
  // Terraform writes over any empty one: this would bring back what was taken out of it since.
  if (found.isEmpty && found.lineage !== state.lineage) return "empty state";
  if (isThere) return "same";
  throw new UserError(
    `${target.url} has a state already: ${describeState(found)}; the source has ${describeState(state)}. ${otherwise(org, found, state)}`,
  );
}

function otherwise(org: OrgReport, found: TerraformState, state: TerraformState): string {
  if (found.lineage !== state.lineage) {
    return "It is never overwritten: if nothing needs it, a state admin deletes the object (its versions are kept)";
  }
  if (found.serial > state.serial + 1) {
    return `Both were one state: the one in the home is the later one, and nothing is to be moved, if ${org.stack} was deployed since`;
  }
  return `Both were one state, and the source was changed since. ${putByHand(org)}`;
}

const putByHand = ({ stack }: OrgReport): string =>
  `If ${stack} was not deployed since, put the newer one in its place by hand: \`cdktf synth\`, and in cdktf.out/stacks/${stack} \`terraform init\` and \`terraform state push -force <file with the newer state>\``;

async function refuseStaleDigest(
  target: StateStore,
  org: OrgReport,
  md5: string | undefined,
  isThere: boolean,
): Promise<void> {
  const digest = await target.digest();
  if (digest === undefined || digest === md5) return;
  const { bucket, key, dynamodb_table: table } = target.backend;
  const item = `the item ${bucket}/${key}-md5 of the table ${table}`;
  const says = `${item} says that ${target.url} has the MD5 ${digest}`;
  if (md5 === undefined) {
    throw new UserError(
      `${says}, but there is no state. If it was deleted on purpose, delete the item as well; else restore a version of the state`,
    );
  }
  const why = isThere
    ? "What is there is the source's state: a run was killed before it wrote the digest"
    : "The item is of a time when runs used the table, and others without it came after; see that the object is the right version";
  throw new UserError(
    `${says}, but it has ${md5}, and Terraform refuses to run with it. ${why}. \`genesys-orgs state digest ${org.name} --fix --yes\` mends it; then start this again`,
  );
}

function describeLock({ id, operation, who, created }: HeldLock): string {
  const since = Number.isNaN(created) ? "" : ` since ${new Date(created).toISOString()}`;
  return `${operation || "a run"} by ${who || "somebody"}${since}, lock ${id || "without an id"}`;
}

/** What is moved, and where to. */
export interface Move extends SourceState {
  readonly org: OrgReport;
  readonly source: StateSource;
  readonly target: StateStore;
  readonly there: TargetContent;
  /** File that keeps a copy. */
  readonly backup: string;
}

/** @throws UserError when it failed, or what arrived is not what is in the source, with what to do */
export async function carryOut(
  terraform: TerraformRun,
  backend: S3Backend,
  move: Move,
  step: (text: string) => void,
): Promise<void> {
  const { org, source, target, text, backup } = move;
  step(`${org.name}: keeping a copy in ${backup}`);
  writeBackup(backup, text);
  step(`${org.name}: terraform state pull`);
  await refuseUnlike(terraform, move);
  step(`${org.name}: terraform state push`);
  try {
    await runOnState(terraform, org.stack, { s3: backend }, (state) =>
      pushState(state, terraform.binary.version, backup, move.there === "empty state"),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}\n${source.name} is as it was, and its copy is ${backup}. Start the same command again: it looks at what is in ${target.url}`,
    );
  }
  step(`${org.name}: comparing`);
  await compareTarget(move);
  await compareSource(move);
}

/** @throws UserError when the home would not have all that the source has */
async function refuseUnlike(terraform: TerraformRun, move: Move): Promise<void> {
  const { org, source, state, backup } = move;
  const written = await asWritten(terraform, org.stack, backup);
  if (isSameState(readState(backup, written), state)) return;
  const { product, version } = terraform.binary;
  throw new UserError(
    `${source.name} was written by version ${state.terraformVersion}, and ${product} ${version} would not keep all that is in it: nothing was moved. Use the version that wrote it, or a newer one (TERRAFORM_BINARY_NAME names a binary); if it is an older one that did, run \`terraform apply -refresh-only\` of ${version} where the state is`,
  );
}

async function compareTarget({ org, target, state, backup }: Move): Promise<void> {
  const there = await target.state();
  const arrived = there && readState(target.url, there.text);
  if (!there || !arrived || !isSame(arrived, state)) {
    throw new UserError(
      `${target.url} has ${arrived ? describeState(arrived) : "no state"} now, and the source ${describeState(state)}. Do not deploy ${org.stack}; the source's is in ${backup}`,
    );
  }
  const { dynamodb_table: table } = target.backend;
  const digest = await target.digest();
  if (table === undefined || digest === there.md5) return;
  throw new UserError(
    `${target.url} has the MD5 ${there.md5}, but the table ${table} says ${digest ?? "nothing"}: \`genesys-orgs state digest ${org.name} --fix --yes\``,
  );
}

async function compareSource({ org, source, target, state, md5 }: Move): Promise<void> {
  const [lock] = await source.locks();
  const now = await source.read();
  if (now?.md5 === md5 && !lock) return;
  const change = lock
    ? `a run began there (${describeLock(lock)})`
    : now
      ? `it has ${describeState(readState(source.name, now.text))} now`
      : "it is gone";
  throw new UserError(
    `${source.name} changed meanwhile: ${change}. ${target.url} has what was there before, of serial ${state.serial}. See that nothing runs in the old place any more. ${putByHand(org)}`,
  );
}
