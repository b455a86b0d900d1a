import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { UserError } from "../errors";
import { addDoctorCommand } from "./commands/doctor";
import { addListCommand } from "./commands/list";
import { addLocksCommand } from "./commands/locks";
import { addRehearseCommand } from "./commands/rehearse";
import { addRetireCommand } from "./commands/retire";
import { addRotateCommand } from "./commands/rotate";
import { addBootstrapCommand } from "./commands/state/bootstrap";
import { addDigestCommand } from "./commands/state/digest";
import { addMigrateCommand } from "./commands/state/migrate";
import { addRecordCommand } from "./commands/state/record";
import { addUnlockCommand } from "./commands/unlock";
import type { Io } from "./terminal/io";

/**
 * Runs the command line.
 * @param args without node and script.
 * @returns the exit code: 0 well, 1 a mistake or a failure.
 */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = new Command("genesys-orgs")
    .description("Many Genesys Cloud organisations, one typed registry")
    .version(packageVersion(), "--version", "print the version")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError("(add --help for what is possible)")
    .exitOverride();
  const exit = (result: number) => {
    code = result;
  };
  addListCommand(program, io);
  addRehearseCommand(program, io, exit);
  addDoctorCommand(program, io, exit);
  const state = program
    .command("state")
    .summary("look after state homes and states")
    .description("Look after state homes and states");
  addBootstrapCommand(state, io);
  addRecordCommand(state, io);
  addMigrateCommand(state, io);
  addDigestCommand(state, io);
  addLocksCommand(program, io);
  addUnlockCommand(program, io);
  addRotateCommand(program, io);
  addRetireCommand(program, io);
  program.addHelpText(
    "after",
    `
Examples:
  genesys-orgs list                        every organisation of the registry
  genesys-orgs rehearse                    rehearse all of them
  genesys-orgs rehearse na-prod            rehearse one
  genesys-orgs doctor na-prod              check what a deploy of it would meet
  genesys-orgs state bootstrap production  what is missing of a state home, to create it with --yes
  genesys-orgs locks                       who holds the locks of the organisations' states
  genesys-orgs rotate na-prod deployer     give an organisation's deployer another OAuth client
  genesys-orgs retire na-prod crm-sync     take a credential's clients out of use`,
  );
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (io.signal.aborted) return 1;
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function packageVersion(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}
