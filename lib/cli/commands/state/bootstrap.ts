import { relative, resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { RECORD_FILE } from "../../project/home-record";
import { coloursFor, type Io, writeJson } from "../../terminal/io";
import {
  DRY_RUN_WITHOUT_YES,
  dryRunOption,
  jsonOption,
  wholeNumber,
  yesOption,
} from "../../terminal/options";
import { renderTable } from "../../terminal/table";
import {
  type BootstrapResult,
  type BootstrapStep,
  bootstrapHome,
  planBootstrap,
} from "./bootstrap/bootstrap-home";
import type { BootstrapProps } from "./bootstrap/bootstrap-project";

interface BootstrapOptions {
  readonly org?: readonly string[];
  readonly record: string;
  readonly output: string;
  readonly concurrency?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs state bootstrap`. */
export const bootstrapCommand = (io: Io): Command =>
  new Command("bootstrap")
    .summary("create a state home, and the orgs' access to it")
    .description(
      "Create a state home, and the access of its organisations to it, with Terraform and your AWS credentials. After that the organisations can be deployed",
    )
    .argument("<home>", "name of a state home")
    .option("--org <names...>", "names of organisations of the home (default: all)")
    .addOption(yesOption())
    .addOption(dryRunOption())
    .option("--record <file>", "file with the record", RECORD_FILE)
    .option("--output <folder>", "folder for the synthesized stacks", "cdktf.out")
    .option(
      "--concurrency <number>",
      "number of access stacks at the same time (default: number of cores)",
      wholeNumber,
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Needs the AWS credentials of a state admin, in the home's account. The command
  1. applies the home's stack, with its state in a local file;
  2. records the home's KMS key, and moves the state into the new bucket;
  3. applies the access stack of each organisation, and records its KMS key.
If it is stopped or fails, start it again: it continues from the state that it finds. After Ctrl-C it
waits until Terraform has saved its state.

Examples:
  genesys-orgs state bootstrap production                show what would be done
  genesys-orgs state bootstrap production --yes
  genesys-orgs state bootstrap production --org na-prod eu-prod --yes`,
    )
    .action((home: string, options: BootstrapOptions) => run(io, home, options));

async function run(io: Io, home: string, options: BootstrapOptions): Promise<void> {
  const props = {
    home,
    orgs: options.org,
    record: resolve(io.cwd, options.record),
    output: resolve(io.cwd, options.output),
    concurrency: options.concurrency,
  };
  if (options.yes) await bootstrap(io, props, options);
  else await dryRun(io, props, options);
}

async function dryRun(io: Io, props: BootstrapProps, { json }: BootstrapOptions): Promise<void> {
  const steps = await planBootstrap(io, props);
  if (json) return writeJson(io, { home: props.home, done: false, steps });
  const rows = steps.map(({ stack, found, actions }) => [stack, found, actions.join("\n")]);
  io.stdout.write(renderTable(io, ["stack", "found", "would be done"], rows));
  io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}

async function bootstrap(io: Io, props: BootstrapProps, { json }: BootstrapOptions): Promise<void> {
  const result = await bootstrapHome(io, props);
  if (json) printJson(io, props, result);
  else printText(io, props, result);
  refuseFailed(result.steps);
}

function printJson(io: Io, { home }: BootstrapProps, result: BootstrapResult): void {
  const { deployable, ...rest } = result;
  const orgs = deployable.map(({ name }) => name);
  const done = rest.steps.every(({ error }) => error === undefined);
  writeJson(io, { home, done, ...rest, deployable: orgs });
}

function printText(
  io: Io,
  { home, record }: BootstrapProps,
  { steps, warnings, deployable }: BootstrapResult,
): void {
  const { red } = coloursFor(io.stdout, io.env);
  const { yellow } = coloursFor(io.stderr, io.env);
  for (const { stack, actions, error } of steps) {
    const done = actions.join(", ") || "nothing to do";
    io.stdout.write(`${stack}: ${error === undefined ? done : red("failed")}\n`);
  }
  for (const warning of warnings) io.stderr.write(`${yellow("warning:")} ${warning}\n`);
  const [first] = deployable;
  const names = deployable.map(({ name }) => name).join(", ");
  io.stdout.write(`orgs that can be deployed in home ${home}: ${names || "none yet"}\n`);
  if (!first) return;
  io.stdout.write(
    `next: commit ${relative(io.cwd, record)}, then run \`genesys-orgs deploy ${first.name}\` as the org's writer\n`,
  );
}

function refuseFailed(steps: readonly BootstrapStep[]): void {
  const errors = steps.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (errors.length === 0) return;
  throw new UserError(
    `\n${errors.join("\n\n")}\n\n${counted(errors.length, "stack")} failed: fix the cause, then run the same command again`,
  );
}
