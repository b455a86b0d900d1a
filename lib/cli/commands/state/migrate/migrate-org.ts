import { join, relative, resolve } from "node:path";
import { UserError } from "../../../../errors";
import { HOME_STATE_KEY, stateFolderOf } from "../../../../registry/names";
import type { OrgReport } from "../../../../registry/report";
import { requireTerraform } from "../../../../terraform/binary";
import { runChild } from "../../../../terraform/child";
import { orgBackend } from "../../../project/org-backends";
import { type StateStore, withStateStore } from "../../../project/state-store";
import type { Io } from "../../../terminal/io";
import { startProgress } from "../../../terminal/progress";
import { carryOut, lookAtTarget, type Move, readSource, type Taker } from "./migrate-state";
import { openSource, type SourceOptions, type StateSource } from "./state-source";

/** The state to move, and how. */
export interface MigrationProps extends SourceOptions {
  /** Folder that keeps a copy of the state. */
  readonly backupDir: string;
  /** Whether the moved state names the providers of the stack. @default false */
  readonly replaceProviders?: boolean;
  /** Whether the state is moved, or the move only planned. @default false */
  readonly yes?: boolean;
}

/** The result of a migration. */
export interface Migration {
  readonly move: Move;
  readonly outcome: "planned" | "moved" | "already there";
  /** Advice for the operator before the state is moved. */
  readonly notes: readonly string[];
}

/**
 * Moves the existing state of an org into its place in the home.
 *
 * @throws UserError if the state cannot be moved or a step failed, with the next step
 */
export async function migrateOrg(io: Io, name: string, props: MigrationProps): Promise<Migration> {
  const terraform = await requireTerraform(io);
  const progress = await startProgress(io);
  let source: StateSource | undefined;
  try {
    progress.step(`${name}: synthesizing its stack`);
    const { org, orgs, backend, providers } = await orgBackend(io, name);
    const taker = {
      org,
      providers,
      replaceProviders: props.replaceProviders === true,
      isOpenTofu: terraform.binary.product === "OpenTofu",
    };
    const from = openSource(io.cwd, props, backend);
    source = from;
    return await withStateStore(backend, async (target) => {
      refusePlace(from, org, orgs);
      progress.step(`${name}: looking at ${from.name} and ${target.url}`);
      const move = await plan(resolve(io.cwd, props.backupDir), taker, from, target);
      if (move.there === "same") return { move, outcome: "already there", notes: [] };
      const notes = [
        ...notesOnLocks(from, org),
        ...[...move.replaced].map(([source, name]) => `the provider ${source} becomes ${name}`),
        ...(await notesOnBackup(io, move.backup)),
      ];
      if (!props.yes) return { move, outcome: "planned", notes };
      await carryOut(terraform, backend, move, (text) => progress.step(text));
      return { move, outcome: "moved", notes };
    });
  } finally {
    progress.stop();
    source?.close();
  }
}

/** Refuses the place of another org, that of the home's own state, and the org's own place. */
function refusePlace({ name, place }: StateSource, org: OrgReport, orgs: readonly OrgReport[]) {
  if (!place) return;
  const { bucket, key } = place;
  const there = orgs.filter((each) => each.bucket === bucket);
  if (there.includes(org) && key === org.stateKey) {
    throw new UserError(`${name} is already the place of ${org.name}: there is nothing to move`);
  }
  // A retired org may have been renamed.
  const owner = there.find((each) => each !== org && !each.retired && isOf(each, key));
  const access = there.find((each) => each.access.stateKey === key)?.access.stack;
  const home = there.length > 0 && key === HOME_STATE_KEY ? "the state home itself" : undefined;
  const whose = owner?.name ?? access ?? home;
  if (whose !== undefined) {
    throw new UserError(`${name} is the state of ${whose}, not of ${org.name}`);
  }
}

/** Whether a key is that of the org's state, or of one of its further states. */
const isOf = ({ name, stateKey }: OrgReport, key: string): boolean =>
  stateKey === key || key.startsWith(`${stateFolderOf(name)}/`);

async function plan(
  folder: string,
  taker: Taker,
  source: StateSource,
  target: StateStore,
): Promise<Move> {
  const { org } = taker;
  const read = await readSource(source, taker);
  const { lineage, serial } = read.state;
  const end = read.replaced.size > 0 ? "-providers" : "";
  const backup = join(folder, `${org.name}-${lineage}-${serial}${end}.tfstate`);
  const there = await lookAtTarget(target, org, read.state);
  return { ...read, org, source, target, there, backup };
}

function notesOnLocks({ place, name }: StateSource, org: OrgReport): string[] {
  const table = place?.dynamodb_table;
  const notes = [
    `runs that still use ${name} and runs in the home do not lock each other out: stop the former first`,
  ];
  if (!place) return notes;
  if (table === undefined) {
    notes.push("no lock table of the source was checked: if it has one, name it with --from-table");
  } else if (org.lockTable !== undefined && org.lockTable !== table) {
    notes.push(
      `the source is locked in ${table}, but ${org.name} in ${org.lockTable}: nothing in ${table} is moved`,
    );
  }
  return notes;
}

async function notesOnBackup(io: Io, backup: string): Promise<string[]> {
  const notes = ["the backup may contain secrets, as any state may"];
  const { cwd, env, signal } = io;
  const git = { command: "git", args: ["check-ignore", "--quiet", "--", backup], cwd, env, signal };
  // Without a repository or without git, the code is not 1.
  const { code } = await runChild(git).catch(() => ({ code: -1 }));
  signal.throwIfAborted();
  if (code !== 1) return notes;
  return [...notes, `git does not ignore ${relative(cwd, backup)}: add its folder to .gitignore`];
}
