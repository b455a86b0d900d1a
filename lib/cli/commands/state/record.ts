import { relative } from "node:path";
import { Command } from "commander";
import { counted } from "../../../counted";
import { RECORD_FILE } from "../../project/home-record";
import { type Io, writeJson } from "../../terminal/io";
import { DRY_RUN, dryRunOption, jsonOption } from "../../terminal/options";
import { type Recording, type RecordProps, recordHome } from "./record/record-home";

interface RecordOptions extends RecordProps {
  readonly json?: boolean;
}

/** `genesys-orgs state record`. */
export const recordCommand = (io: Io): Command =>
  new Command("record")
    .summary("record the KMS keys that the stacks of a home created")
    .description(
      "Write the KMS keys that the stacks of a state home created into the committed record, so that the stacks of organisations can use them",
    )
    .argument("<home>", "name of a state home")
    .option(
      "--from <file>",
      "file with the outputs of the stacks, from `cdktf output --outputs-file` (default: ask Terraform, with your AWS credentials)",
    )
    .option("--record <file>", "file with the record", RECORD_FILE)
    .option("--replace", "allow a key to replace a recorded key")
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  genesys-orgs state record production              after \`cdktf deploy state-production\`
  genesys-orgs state record production --dry-run
  cdktf output 'state-*' --outputs-file outputs.json
  genesys-orgs state record production --from outputs.json`,
    )
    .action((home: string, options: RecordOptions) => record(io, home, options));

async function record(io: Io, name: string, options: RecordOptions): Promise<void> {
  const recording = await recordHome(io, name, options);
  const { dryRun = false, json } = options;
  (json ? printJson : printText)(io, recording, dryRun);
}

function printJson(io: Io, { file, changes, missing }: Recording, dryRun: boolean): void {
  const written = !dryRun && changes.length > 0;
  writeJson(io, { file, written, changes, missing });
}

function printText(io: Io, { file, home, changes, missing }: Recording, dryRun: boolean): void {
  for (const { path, before, after } of changes) {
    io.stdout.write(`${path}: ${before === undefined ? after : `${before} -> ${after}`}\n`);
  }
  const verb = dryRun ? "would be written" : "written";
  const keys = counted(changes.length, "key");
  const place = relative(io.cwd, file);
  io.stdout.write(
    changes.length > 0 ? `${keys} ${verb} to ${place}\n` : `${place} is up to date\n`,
  );
  const next = [
    // Without a recorded key to encrypt it with, the home's state was a local file.
    ...(home.kmsKeyArn === undefined ? [`${home.stack} --migrate-state`] : []),
    ...(missing.length > 0 ? [missing.join(" ")] : []),
  ].map((stacks) => `\`cdktf deploy ${stacks}\``);
  if (missing.length > 0) next.push(`\`genesys-orgs state record ${home.name}\` again`);
  if (next.length > 0) io.stdout.write(`next: run ${next.join(", then ")}\n`);
  if (dryRun) io.stdout.write(`${DRY_RUN}\n`);
}
