import { Command, CommanderError } from "commander";
import { UserError, withoutFileErrors } from "../errors";
import { ALLOW_DEBUG_LOG } from "../terraform/debug-log";
import { adoptCommand } from "./commands/adopt";
import { apiCheckCommand } from "./commands/api-check";
import { brokerCommand } from "./commands/broker";
import { checkCommand } from "./commands/check";
import { ciCommand } from "./commands/ci";
import { compareCommand } from "./commands/compare";
import { consumersCommand } from "./commands/consumers";
import { deployCommand } from "./commands/deploy";
import { destroyCommand } from "./commands/destroy";
import { diffCommand } from "./commands/diff";
import { doctorCommand } from "./commands/doctor";
import { driftCommand } from "./commands/drift";
import { grantCommand } from "./commands/grant";
import { handOverCommand } from "./commands/hand-over";
import { initCommand } from "./commands/init";
import { listCommand } from "./commands/list";
import { locksCommand } from "./commands/locks";
import { planCommand } from "./commands/plan";
import { promoteCommand } from "./commands/promote";
import { reconcileCommand } from "./commands/reconcile";
import { rehearseCommand } from "./commands/rehearse";
import { retireCommand } from "./commands/retire";
import { revokeCommand } from "./commands/revoke";
import { rotateCommand } from "./commands/rotate";
import { secretsCommand } from "./commands/secrets";
import { snapshotCommand } from "./commands/snapshot";
import { stateCommand } from "./commands/state";
import { synthCommand } from "./commands/synth";
import { unlockCommand } from "./commands/unlock";
import { ownManifest } from "./project/own-manifest";
import { ReportedFailure } from "./terminal/failure";
import type { Io } from "./terminal/io";

/** In the order of the help. */
const COMMANDS: readonly ((io: Io) => Command)[] = [
  initCommand,
  listCommand,
  secretsCommand,
  consumersCommand,
  synthCommand,
  checkCommand,
  rehearseCommand,
  diffCommand,
  planCommand,
  deployCommand,
  driftCommand,
  compareCommand,
  snapshotCommand,
  adoptCommand,
  promoteCommand,
  destroyCommand,
  doctorCommand,
  apiCheckCommand,
  stateCommand,
  locksCommand,
  unlockCommand,
  grantCommand,
  rotateCommand,
  brokerCommand,
  handOverCommand,
  reconcileCommand,
  retireCommand,
  revokeCommand,
  ciCommand,
];

/**
 * Runs the command line.
 *
 * @param args without node and script
 * @returns the exit code: 0 success, 1 a mistake or a failure; others as a command documents them
 */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = programWith(io);
    await program.parseAsync(withoutUselessHelp(program, args), { from: "user" });
    return 0;
  } catch (caught) {
    const error = withoutFileErrors(caught);
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (error instanceof ReportedFailure) return error.exitCode;
    if (io.signal.aborted) return 1;
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function programWith({ env: given, ...rest }: Io): Command {
  const env = { ...given };
  const io: Io = { ...rest, env };
  const program = new Command("genesys-orgs")
    .description("Many Genesys Cloud organisations, one typed registry")
    .version(ownManifest().version, "--version", "print the version")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .option("--allow-debug-log", "let Terraform log secrets, with TF_LOG=debug or the like")
    .showHelpAfterError("(--help shows how to use this command)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  genesys-orgs init my-orgs                write a new project
  genesys-orgs list                        list all organisations of the registry
  genesys-orgs secrets --live              list all credentials, the most urgent first
  genesys-orgs rehearse                    rehearse all organisations
  genesys-orgs rehearse na-prod            rehearse one organisation
  genesys-orgs plan --env staging          plan organisations, and sum their changes up
  genesys-orgs deploy na-prod              plan an organisation, and apply what you approve
  genesys-orgs drift                       show what others have changed in organisations
  genesys-orgs compare na-staging na-prod  show how two organisations differ
  genesys-orgs adopt na-prod               write code for what an organisation has already
  genesys-orgs compare na-test na-prod     show how two organisations differ
  genesys-orgs doctor na-prod              find out whether a deploy of it could succeed
  genesys-orgs state bootstrap production  show the plan for a state home (--yes creates it)
  genesys-orgs locks                       list the locks on the states of organisations
  genesys-orgs grant na-prod               show the roles that its own credentials lack
  genesys-orgs rotate na-prod deployer     replace the OAuth client of an organisation's deployer
  genesys-orgs broker configure na-prod    give Vault's secrets engine its master
  genesys-orgs reconcile na-prod           show what the organisation's reconciler would do
  genesys-orgs retire na-prod crm-sync     show the OAuth clients to retire (--yes retires them)
  genesys-orgs ci github                   write the workflows of GitHub Actions
  genesys-orgs revoke na-prod crm-sync     end a leaked credential (--yes does it), and rotate it`,
    )
    .addHelpText("afterAll", ({ command }) =>
      OWN_EXIT_CODES.has(command.name()) ? "" : `\n${EXIT_CODES}`,
    );
  program.on("option:allow-debug-log", () => {
    env[ALLOW_DEBUG_LOG] = "1";
  });
  for (const command of COMMANDS) program.addCommand(command(io));
  passOnSettings(program);
  return program;
}

const HELP = new Set(["help", "--help", "-h"]);

/** Leaves out the wish for help with a command that does not exist: Commander would show other help. */
function withoutUselessHelp(program: Command, args: readonly string[]): string[] {
  const asked = args.filter((arg) => !HELP.has(arg));
  let command = program;
  for (const word of asked.filter((arg) => !arg.startsWith("-"))) {
    if (command.commands.length === 0) break;
    const next = command.commands.find((each) => each.name() === word);
    if (!next) return asked;
    command = next;
  }
  return [...args];
}

/** Commands whose help has their own codes. */
const OWN_EXIT_CODES = new Set([
  "adopt",
  "check",
  "compare",
  "deploy",
  "diff",
  "drift",
  "hand-over",
  "promote",
  "reconcile",
]);

const EXIT_CODES = "Exit codes: 0 success, 1 a mistake or a failure, 130 stopped by Ctrl-C.";

/** Passes the settings on to all commands: Commander does so only for those that it creates itself. */
function passOnSettings(parent: Command): void {
  for (const command of parent.commands) passOnSettings(command.copyInheritedSettings(parent));
}
