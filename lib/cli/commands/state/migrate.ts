import { join, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { UserError } from "../../../errors";
import { HOME_STATE_KEY, stateFolderOf } from "../../../registry/names";
import type { OrgReport } from "../../../registry/report";
import { requireTerraform } from "../../../terraform/binary";
import { runChild } from "../../../terraform/child";
import { counted } from "../../../terraform/terraform-state";
import { orgState } from "../../project/org-backends";
import { StateStore } from "../../project/state-store";
import { type Io, writeJson } from "../../terminal/io";
import { showSteps } from "../../terminal/steps";
import { carryOut, lookAtTarget, type Move, readSource } from "./migrate/migrate-state";
import { openSource, type SourceOptions, type StateSource } from "./migrate/state-source";

interface MigrateOptions extends SourceOptions {
  readonly backupDir: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds `migrate` to `genesys-orgs state`. */
export function addMigrateCommand(state: Command, io: Io): void {
  state
    .command("migrate")
    .summary("move an existing state into its place in the home")
    .description("Move an organisation's existing Terraform state into its place in the home")
    .argument("<org>", "name of an organisation")
    .requiredOption("--from <source>", "the state: path of a file, or s3://<bucket>/<key>")
    .option("--from-region <region>", "region of the source's bucket (default: the home's)")
    .option("--from-table <table>", "DynamoDB table in which runs there lock: it is looked at")
    .option("--backup-dir <folder>", "where a copy of the state is kept", ".genesys-orgs/backups")
    .option("--yes", "do it; without this it is only said what would be done")
    .addOption(new Option("--dry-run", "only say what would be done").conflicts("yes"))
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
The source is read, and never changed. The place in the home has to be empty: Terraform writes the
state there, under the org's lock and key; then it is read back and compared. What was killed is
finished by the same command. Your AWS credentials are used, for the source as well.

Examples:
  genesys-orgs state migrate na-prod --from ../na-prod/terraform.tfstate
  genesys-orgs state migrate na-prod --from ../na-prod/terraform.tfstate --yes
  genesys-orgs state migrate na-prod --from s3://old-states/genesys/na-prod.tfstate \\
    --from-region eu-west-1 --from-table terraform-locks --yes

Exit codes: 0 the state is in its place (without --yes: it can be moved there), 1 a mistake or a
failure, 130 stopped by Ctrl-C.`,
    )
    .action((org: string, options: MigrateOptions) => migrate(io, org, options));
}

/** What came of it. */
interface Ending {
  readonly move: Move;
  readonly outcome: "planned" | "moved" | "already there";
  /** What to know before one does it. */
  readonly notes: readonly string[];
}

async function migrate(io: Io, name: string, options: MigrateOptions): Promise<void> {
  const terraform = await requireTerraform(io);
  const steps = await showSteps(io);
  const opened: { close(): void }[] = [];
  let ending: Ending;
  try {
    steps.step(`${name}: synthesizing its stack`);
    const { org, orgs, backend } = await orgState(io, name);
    const source = openSource(io.cwd, options, backend);
    opened.push(source);
    const target = new StateStore(backend);
    opened.push(target);
    refusePlace(source, org, orgs);
    steps.step(`${name}: looking at ${source.name} and ${target.url}`);
    const move = await plan(resolve(io.cwd, options.backupDir), org, source, target);
    const notes = [...notesOnLocks(source, org), ...(await notesOnBackup(io, move.backup))];
    if (move.there === "same") ending = { move, outcome: "already there", notes: [] };
    else if (!options.yes) ending = { move, outcome: "planned", notes };
    else {
      await carryOut(terraform, backend, move, steps.step);
      ending = { move, outcome: "moved", notes };
    }
  } finally {
    steps.stop();
    for (const each of opened) each.close();
  }
  const print = options.json ? printJson : printText;
  print(io, ending);
}

/** Refuses what is another organisation's place, the home's own, or the place itself. */
function refusePlace({ name, place }: StateSource, org: OrgReport, orgs: readonly OrgReport[]) {
  if (!place) return;
  const { bucket, key } = place;
  const there = orgs.filter((each) => each.bucket === bucket);
  if (there.includes(org) && key === org.stateKey) {
    throw new UserError(`${name} is the place of ${org.name} already: nothing is to be moved`);
  }
  // A retired one may have got another name.
  const owner = there.find((each) => each !== org && !each.retired && isOf(each, key));
  const access = there.find((each) => each.access.stateKey === key)?.access.stack;
  const home = there.length > 0 && key === HOME_STATE_KEY ? "the state home itself" : undefined;
  const whose = owner?.name ?? access ?? home;
  if (whose !== undefined) {
    throw new UserError(`${name} is the state of ${whose}, not of ${org.name}`);
  }
}

/** Whether a state lies where an org has its own, or further ones. */
const isOf = ({ name, stateKey }: OrgReport, key: string): boolean =>
  stateKey === key || key.startsWith(`${stateFolderOf(name)}/`);

async function plan(
  folder: string,
  org: OrgReport,
  source: StateSource,
  target: StateStore,
): Promise<Move> {
  const read = await readSource(source, org);
  const { lineage, serial } = read.state;
  const backup = join(folder, `${org.name}-${lineage}-${serial}.tfstate`);
  const there = await lookAtTarget(target, org, read.state);
  return { ...read, org, source, target, there, backup };
}

function notesOnLocks({ place, name }: StateSource, org: OrgReport): string[] {
  const table = place?.dynamodb_table;
  const notes = [
    `runs that still use ${name} and runs in the home do not exclude each other, whatever the lock: end the first ones before`,
  ];
  if (!place) return notes;
  if (table === undefined) {
    notes.push("no lock table was looked at: if runs there lock in one, name it with --from-table");
  } else if (org.lockTable !== undefined && org.lockTable !== table) {
    notes.push(
      `runs there lock in ${table}, and those of ${org.name} in ${org.lockTable}, as its home has it: nothing of ${table} is taken along`,
    );
  }
  return notes;
}

async function notesOnBackup(io: Io, backup: string): Promise<string[]> {
  const notes = ["the backup may have secrets in it, as any state"];
  const { cwd, env, signal } = io;
  const git = { command: "git", args: ["check-ignore", "--quiet", "--", backup], cwd, env, signal };
  // Outside of a repository, or without git, it is not 1.
  const { code } = await runChild(git).catch(() => ({ code: -1 }));
  signal.throwIfAborted();
  if (code !== 1) return notes;
  return [...notes, `git does not ignore ${relative(cwd, backup)}: put its folder into .gitignore`];
}

function nextOf({ move, outcome }: Ending): string[] {
  if (outcome === "planned") return [];
  const { org, source } = move;
  const old = source.place ? `${source.name}, with its -md5 item in a lock table,` : source.name;
  return [
    `\`cdktf diff ${org.stack}\`; deploy when it destroys nothing that is to stay`,
    `remove ${old} after the first deploy, so that nobody runs there again`,
  ];
}

function printJson(io: Io, ending: Ending): void {
  const { org, source, state, target, backup } = ending.move;
  const { lineage, serial, terraformVersion, resources, instances, outputs } = state;
  writeJson(io, {
    org: org.name,
    outcome: ending.outcome,
    source: {
      from: source.name,
      region: source.place?.region,
      lockTable: source.place?.dynamodb_table,
    },
    state: { lineage, serial, terraformVersion, resources, instances, outputs },
    target: { url: target.url, lock: org.lock, lockTable: org.lockTable },
    backup,
    notes: ending.notes,
    next: nextOf(ending),
  });
}

function printText(io: Io, ending: Ending): void {
  const { org, source, state, target, backup } = ending.move;
  const { lineage, serial, terraformVersion, resources, instances, outputs } = state;
  const lines = [
    `source: ${source.name}`,
    `target: ${target.url}`,
    `lineage: ${lineage}`,
    `serial: ${serial}${ending.outcome === "already there" ? "" : `, and ${serial + 1} in the home`}`,
    `resources: ${resources} (${counted(instances, "instance")}), ${counted(outputs.length, "output")}`,
    `written by: Terraform ${terraformVersion}`,
    `lock: ${org.lockTable === undefined ? org.lock : `${org.lock} (table ${org.lockTable})`}`,
    `backup: ${backup}`,
    ...ending.notes.map((note) => `note: ${note}`),
    `${org.name}: ${RESULTS[ending.outcome]}`,
    ...nextOf(ending).map((step, index) => `${index === 0 ? "next" : "then"}: ${step}`),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

const RESULTS: Readonly<Record<Ending["outcome"], string>> = {
  planned: "nothing was done; --yes moves it",
  moved: "moved, read back and compared; the source is as it was",
  "already there": "it is there already, and the same; nothing is left to do",
};
