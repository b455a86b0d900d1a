import { relative, resolve } from "node:path";
import { Argument, Command } from "commander";
import { counted } from "../../counted";
import { refuseOtherFolder, writeSnapshot } from "../../existing/snapshot";
import { readExistingOrg, typesNamed } from "../project/existing-org";
import { findOrg } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { startProgress } from "../terminal/progress";

interface SnapshotOptions {
  readonly to?: string;
  readonly json?: boolean;
}

/** `genesys-orgs snapshot`. */
export const snapshotCommand = (io: Io): Command =>
  new Command("snapshot")
    .summary("write an organisation's objects to a folder")
    .description(
      "Write the objects of an organisation to a folder, for git, and for `compare` and `promote`",
    )
    .argument("<org>", "name of the organisation")
    .addArgument(new Argument("[type...]", "types of objects, for example queues (default: all)"))
    .option("--to <folder>", "folder to write (default: snapshots/<org>)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads the organisation as its planner, which may only view. One file per type, one object per line, in an
order that does not change: the same organisation gives the same bytes. There is no secret in it. If it is
stopped, the next run goes on where it was.

Examples:
  genesys-orgs snapshot na-prod
  genesys-orgs snapshot na-prod queues users --to before-the-move`,
    )
    .action((org: string, types: string[], options: SnapshotOptions) =>
      snapshot(io, org, types, options),
    );

async function snapshot(
  io: Io,
  name: string,
  types: string[],
  { to = `snapshots/${name}`, json }: SnapshotOptions,
): Promise<void> {
  const wanted = typesNamed(types);
  const org = await findOrg(io, name);
  const folder = resolve(io.cwd, to);
  refuseOtherFolder(folder);
  const progress = await startProgress(io);
  try {
    const { calls, remembered, ...read } = await readExistingOrg(io, org, wanted, progress);
    progress.stop();
    writeSnapshot(folder, read);
    const objects = read.objects.length;
    if (json) writeJson(io, { org: name, folder, objects, calls, remembered });
    else {
      io.stdout.write(
        `${relative(io.cwd, folder)}: ${counted(objects, "object")} of ${name}, ${counted(calls, "call")} of the Platform API\n`,
      );
    }
  } finally {
    progress.stop();
  }
}
