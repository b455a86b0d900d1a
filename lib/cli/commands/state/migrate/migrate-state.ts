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
import { lockText, RUNBOOK } from "../../../project/held-locks";
import type { S3Backend, StateStore } from "../../../project/state-store";
import { writeBackup } from "./backup";
import { asWritten, pushState } from "./push-state";
import { otherNames, refuseOtherNames, replaceProviders } from "./replace-providers";
import type { StateSource } from "./state-source";

/** The state, read from the source. */
export interface SourceState {
  /** With the stack's providers, if they were replaced. */
  readonly text: string;
  /** Of the source as it is. */
  readonly md5: string;
  readonly state: TerraformState;
  /** Providers of the source, each with its name in the stack. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** The stack that takes over a state. */
export interface Taker {
  readonly org: OrgReport;
  /** Full sources of its providers. */
  readonly providers: readonly string[];
  /** Whether the moved state gets the providers of the stack. */
  readonly replaceProviders: boolean;
  readonly isOpenTofu: boolean;
}

/** The content of the target: `same` is the state that would be moved. */
export type TargetContent = "nothing" | "empty state" | "same";

/**
 * Reads the source.
 *
 * @throws UserError if the org cannot have this state, or a run uses it
 */
export async function readSource(source: StateSource, taker: Taker): Promise<SourceState> {
  const { org } = taker;
  const [lock] = await source.locks();
  if (lock) {
    throw new UserError(
      `${source.name} is locked: ${lockText(lock)}. Wait for the run; if it is dead, use \`terraform force-unlock\` where it ran (for a file, remove its .lock.info)`,
    );
  }
  const found = await source.read();
  if (!found) throw new UserError(`the state ${source.name} does not exist`);
  const { text, md5 } = found;
  if (createHash("md5").update(text).digest("hex") !== md5) {
    throw new UserError(`${source.name} is not a Terraform state: it is not UTF-8`);
  }
  const digest = await source.digest();
  if (digest !== undefined && digest !== md5) {
    throw new UserError(
      `${source.name} has the MD5 ${md5}, but the digest in its lock table is ${digest}: a run without the table wrote the state, or it is not the newest version. Find out which version of the object is the right one, and set the digest in its -md5 item to the MD5 of that version`,
    );
  }
  const state = readState(source.name, text);
  if (state.isEmpty) {
    throw new UserError(
      `${source.name} is empty (lineage ${state.lineage}, serial ${state.serial}): there is nothing to move`,
    );
  }
  const others = state.organizationIds.filter((id) => id !== org.organizationId.toLowerCase());
  if (others.length > 0) {
    throw new UserError(
      `${source.name} was used with the Genesys Cloud organisation ${others.join(", ")}, but ${org.name} is ${org.organizationId}: the state belongs to another organisation, or to several. In the latter case split it first with \`terraform state mv -state-out\``,
    );
  }
  const names = { state: source.name, stack: org.stack };
  const other = {
    ...names,
    inState: state.providers,
    inStack: taker.providers,
    isOpenTofu: taker.isOpenTofu,
  };
  const replaced = otherNames(other);
  if (!taker.replaceProviders) refuseOtherNames(names, replaced);
  if (replaced.size === 0) return { text, md5, state, replaced };
  const moved = replaceProviders(text, replaced);
  return { text: moved, md5, state: readState(source.name, moved), replaced };
}

/**
 * Looks at the target.
 *
 * @throws UserError if it has another state than an empty one or the same one, or a run uses it
 */
export async function lookAtTarget(
  target: StateStore,
  org: OrgReport,
  state: TerraformState,
): Promise<TargetContent> {
  const lock = (await target.lockFileIfAllowed()) ?? (await target.lockItem());
  if (lock) {
    const how = lock.id === "" ? RUNBOOK : `\`genesys-orgs unlock ${org.name} ${lock.id}\``;
    throw new UserError(
      `${target.url} is locked: ${lockText(lock)}. Wait for the run; if it is dead, remove its lock (${how}), then start this command again`,
    );
  }
  const there = await target.state();
  const found = there && readState(target.url, there.text);
  const isThere = found !== undefined && isSame(found, state) && found.serial - state.serial <= 1;
  await refuseStaleDigest(target, org, there?.md5, isThere);
  if (!found) return "nothing";
  // Terraform overwrites any empty state. One of the same lineage was emptied on purpose: it stays.
  if (found.isEmpty && found.lineage !== state.lineage) return "empty state";
  if (isThere) return "same";
  throw new UserError(
    `${target.url} already has a state: ${describeState(found)}; the source has ${describeState(state)}. ${adviceOn(org, found, state)}`,
  );
}

function adviceOn(org: OrgReport, found: TerraformState, state: TerraformState): string {
  if (found.lineage !== state.lineage) {
    return "A state is never overwritten: if nothing needs it, a state admin can delete the object (its versions are kept)";
  }
  if (found.serial > state.serial + 1) {
    return `Both were the same state once, and the one in the home is newer: if ${org.stack} was deployed since, there is nothing to move`;
  }
  return `Both were the same state once, and the source has changed since. ${pushByHand(org)}`;
}

const pushByHand = ({ stack }: OrgReport): string =>
  `If ${stack} was not deployed since, push the newer state by hand: \`cdktf synth\`, then in cdktf.out/stacks/${stack} \`terraform init\` and \`terraform state push -force <file with the newer state>\``;

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
  const says = `${target.url} should have the MD5 ${digest} by ${item}`;
  if (md5 === undefined) {
    throw new UserError(
      `${says}, but does not exist. If the state was deleted on purpose, delete the item as well; otherwise restore a version of the state`,
    );
  }
  const why = isThere
    ? "It is the source's state: a run was killed before it wrote the digest"
    : "Earlier runs used the table, and later ones did not: make sure that the object is the right version";
  throw new UserError(
    `${says}, but has ${md5}, so Terraform refuses to use it. ${why}. Run \`genesys-orgs state digest ${org.name} --fix --yes\`, then start this command again`,
  );
}

/** A state, and where it is moved to. */
export interface Move extends SourceState {
  readonly org: OrgReport;
  readonly source: StateSource;
  readonly target: StateStore;
  readonly there: TargetContent;
  /** File that keeps a copy. */
  readonly backup: string;
}

/**
 * Moves the state.
 *
 * @throws UserError if it failed, or the target differs from the source, with the next step
 */
export async function carryOut(
  terraform: TerraformRun,
  backend: S3Backend,
  move: Move,
  step: (text: string) => void,
): Promise<void> {
  const { org, source, target, text, backup } = move;
  step(`${org.name}: writing a copy to ${backup}`);
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
      `${error.message}\n${source.name} is unchanged, and its copy is ${backup}. Start the same command again: it checks ${target.url} first`,
    );
  }
  step(`${org.name}: comparing`);
  await compareTarget(move);
  await compareSource(move);
}

/** @throws UserError if this Terraform would drop something of the state */
async function refuseUnlike(terraform: TerraformRun, move: Move): Promise<void> {
  const { org, source, state, backup } = move;
  const written = await asWritten(terraform, org.stack, backup);
  if (isSameState(readState(backup, written), state)) return;
  const { product, version } = terraform.binary;
  throw new UserError(
    `${source.name} was written by version ${state.terraformVersion}, and ${product} ${version} would not keep everything in it, so nothing was moved. Use the version that wrote it, or a newer one (TERRAFORM_BINARY_NAME names the binary). If an older version wrote it, run \`terraform apply -refresh-only\` with ${version} in its old place first`,
  );
}

async function compareTarget({ org, target, state, backup }: Move): Promise<void> {
  const there = await target.state();
  const arrived = there && readState(target.url, there.text);
  if (!there || !arrived || !isSame(arrived, state)) {
    throw new UserError(
      `${target.url} now has ${arrived ? describeState(arrived) : "no state"}, but the source has ${describeState(state)}. Do not deploy ${org.stack}; the state of the source is in ${backup}`,
    );
  }
  const { dynamodb_table: table } = target.backend;
  const digest = await target.digest();
  if (table === undefined || digest === there.md5) return;
  throw new UserError(
    `${target.url} has the MD5 ${there.md5}, but the digest in the table ${table} is ${digest ?? "missing"}: run \`genesys-orgs state digest ${org.name} --fix --yes\``,
  );
}

async function compareSource({ org, source, target, state, md5 }: Move): Promise<void> {
  const [lock] = await source.locks();
  const there = await source.read();
  if (there?.md5 === md5 && !lock) return;
  const change = lock
    ? `a run has started there (${lockText(lock)})`
    : there
      ? `it now has ${describeState(readState(source.name, there.text))}`
      : "it no longer exists";
  throw new UserError(
    `${source.name} changed in the meantime: ${change}. ${target.url} has its earlier state, of serial ${state.serial}. Make sure that nothing runs in the old place any more. ${pushByHand(org)}`,
  );
}
