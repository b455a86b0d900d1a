import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import { accessStacksOf, REPORT_FILE } from "../../registry/report";
import { synthesize } from "../project/synthesize";
import type { Io } from "../terminal/io";

/** `genesys-orgs synth`. */
export const synthCommand = (io: Io): Command =>
  new Command("synth")
    .summary("write the Terraform JSON of organisations")
    .description("Write the Terraform JSON of organisations and state homes, with their assets")
    .argument("[org...]", "names of organisations (default: all, and all state homes)")
    .requiredOption("--output <folder>", "folder for the stacks")
    .addHelpText(
      "after",
      `
Works offline, and reads no credential. \`cdktf synth\` writes the same.

Examples:
  genesys-orgs synth --output proposed       what \`genesys-orgs plan --proposed proposed\` plans`,
    )
    .action((names: string[], options: { output: string }) => synth(io, names, options.output));

async function synth(io: Io, names: string[], folder: string): Promise<void> {
  const output = resolve(io.cwd, folder);
  if (
    existsSync(output) &&
    readdirSync(output).length > 0 &&
    !existsSync(join(output, REPORT_FILE))
  ) {
    throw new UserError(
      `--output ${folder}: it has other files: name a new folder, or an empty one`,
    );
  }
  const { homes, orgs } = await synthesize(io, { output, names });
  const made = [
    ...homes,
    ...orgs.flatMap((org) => [org, ...accessStacksOf(org), ...org.components]),
  ].filter((part) => !("status" in part) || part.status === "synthesized");
  io.stdout.write(`${counted(made.length, "stack")} in ${folder}\n`);
}
