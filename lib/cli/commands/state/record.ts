import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../../errors";
import { inParallel } from "../../../in-parallel";
import { valueAt } from "../../../registry/draft";
import { readDataFile } from "../../../registry/read-data-file";
import type { HomeOutputs, RecordChange } from "../../../registry/record-outputs";
import { problemLine } from "../../../registry/registry-error";
import type { HomeReport, OrgReport } from "../../../registry/report";
import { requireTerraform } from "../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { backendOf, stackOutputs } from "../../../terraform/run-on-state";
import { homeOf, RECORD_FILE, recordKeys, refuseOtherRecord } from "../../project/home-record";
import { synthesize } from "../../project/synthesize";
import { type Io, writeJson } from "../../terminal/io";

interface RecordOptions {
  readonly from?: string;
  readonly record: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Adds `record` to `genesys-orgs state`. */
export function addRecordCommand(state: Command, io: Io): void {
  state
    .command("record")
    .summary("write the keys that a home's stacks created into the record")
    .description(
      "Write the keys that a state home's stacks created into the committed record, so that the orgs' stacks can use them",
    )
    .argument("<home>", "name of a state home")
    .option(
      "--from <file>",
      "outputs of the stacks, as `cdktf output --outputs-file` writes them (default: ask Terraform, with your credentials)",
    )
    .option("--record <file>", "the record", RECORD_FILE)
    .option("--replace", "also record a key in the place of another one")
    .option("--dry-run", "only say what would change")
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
Examples:
  genesys-orgs state record production              after \`cdktf deploy state-production\`
  genesys-orgs state record production --dry-run
  cdktf output 'state-*' --outputs-file outputs.json
  genesys-orgs state record production --from outputs.json

Exit codes: 0 the record is as the stacks are, 1 a mistake or a failure; nothing was written then.`,
    )
    .action((home: string, options: RecordOptions) => record(io, home, options));
}

async function record(io: Io, name: string, options: RecordOptions): Promise<void> {
  const output = temporaryFolder("genesys-orgs-record-");
  try {
    // Its own lines say what to do next, from before this.
    const report = await synthesize(io, { output, quiet: true });
    const home = homeOf(report, name);
    const orgs = report.orgs.filter(({ stateHome }) => stateHome === name);
    const file = resolve(io.cwd, options.record);
    refuseOtherRecord(file, home, orgs);
    const outputs = options.from
      ? outputsInFile(resolve(io.cwd, options.from), home, orgs)
      : await outputsOfStacks(io, join(output, "stacks"), home, orgs);
    refuseNothing(home, outputs, options);
    const changes = recordKeys(file, home, outputs, options);
    const missing = orgs
      .filter(({ name: org, kmsKeyArn }) => outputs.orgs.get(org) === undefined && !kmsKeyArn)
      .map(({ access }) => access.stack);
    const print = options.json ? printJson : printText;
    print(io, { file, home, changes, missing, dryRun: options.dryRun === true });
  } finally {
    removeFolder(output);
  }
}

function outputsInFile(file: string, home: HomeReport, orgs: readonly OrgReport[]): HomeOutputs {
  const read = readDataFile(file);
  if ("problem" in read) throw new UserError(problemLine(read.problem));
  const keyOf = (stack: string) => valueAt(read.value, stack, "kms_key_arn");
  return {
    home: keyOf(home.stack),
    orgs: new Map(orgs.map(({ name, access }) => [name, keyOf(access.stack)])),
  };
}

async function outputsOfStacks(
  io: Io,
  stacks: string,
  home: HomeReport,
  orgs: readonly OrgReport[],
): Promise<HomeOutputs> {
  const terraform = await requireTerraform(io, "install it, or give the outputs with --from");
  const keyOf = async (stack: string) =>
    (await stackOutputs(terraform, stack, backendOf(join(stacks, stack)))).kms_key_arn;
  // First, since it fails for all when credentials are missing.
  const own = await keyOf(home.stack);
  const ready = orgs.filter(({ access }) => access.status === "synthesized");
  const keys = await inParallel(ready, undefined, async ({ name, access }) => {
    return [name, await keyOf(access.stack)] as const;
  });
  return { home: own, orgs: new Map(keys) };
}

function refuseNothing(
  { name, stack, kmsKeyArn }: HomeReport,
  outputs: HomeOutputs,
  { from }: RecordOptions,
): void {
  if (from !== undefined) {
    if (outputs.home !== undefined || [...outputs.orgs.values()].some((arn) => arn !== undefined)) {
      return;
    }
    throw new UserError(
      `${from} has no kms_key_arn of a stack of home ${name}: write it with \`cdktf output 'state-*' --outputs-file ${from}\``,
    );
  }
  if (outputs.home !== undefined) return;
  throw new UserError(
    kmsKeyArn === undefined
      ? `home ${name} has no key to record yet: ${stack} put out no kms_key_arn. \`cdktf deploy ${stack}\` first`
      : `${stack} has no state in the home's bucket: \`cdktf deploy ${stack} --migrate-state\` first, in the folder where its local state is`,
  );
}

interface Ending {
  readonly file: string;
  readonly home: HomeReport;
  readonly changes: readonly RecordChange[];
  /** Access stacks that were not applied yet. */
  readonly missing: readonly string[];
  readonly dryRun: boolean;
}

function printJson(io: Io, { file, changes, missing, dryRun }: Ending): void {
  const written = !dryRun && changes.length > 0;
  writeJson(io, { file, written, changes, missing });
}

function printText(io: Io, { file, home, changes, missing, dryRun }: Ending): void {
  for (const { path, before, after } of changes) {
    io.stdout.write(`${path}: ${before === undefined ? after : `${before} -> ${after}`}\n`);
  }
  const verb = dryRun ? "would be written" : "written";
  const keys = changes.length === 1 ? "1 key" : `${changes.length} keys`;
  const place = relative(io.cwd, file);
  io.stdout.write(
    changes.length > 0 ? `${keys} ${verb} to ${place}\n` : `${place} is as the stacks are\n`,
  );
  const next = [
    // Its state was a local file as long as the record had no key to encrypt it with.
    ...(home.kmsKeyArn === undefined ? [`${home.stack} --migrate-state`] : []),
    ...(missing.length > 0 ? [missing.join(" ")] : []),
  ].map((stacks) => `\`cdktf deploy ${stacks}\``);
  if (next.length === 0) return;
  const again = missing.length > 0 ? ` and \`genesys-orgs state record ${home.name}\` again` : "";
  io.stdout.write(`next: ${next.join(", ")}${again}\n`);
}
