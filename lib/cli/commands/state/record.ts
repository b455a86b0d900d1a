import { relative } from "node:path";
import { Command } from "commander";
import { counted } from "../../../counted";
import { RECORD_FILE } from "../../project/home-record";
import { type Io, writeJson } from "../../terminal/io";
import { dryRunOption, jsonOption } from "../../terminal/options";
import { type Recording, type RecordProps, recordHome } from "./record/record-home";

interface RecordOptions extends RecordProps {
  readonly json?: boolean;
}

/** `genesys-orgs state record`. */
export const recordCommand = (io: Io): Command =>
  new Command("record")
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
