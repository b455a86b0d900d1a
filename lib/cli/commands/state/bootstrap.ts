import { relative, resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import { RECORD_FILE } from "../../project/home-record";
import { coloursFor, type Io, writeJson } from "../../terminal/io";
import { dryRunOption, jsonOption, wholeNumber, yesOption } from "../../terminal/options";
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
    .summary("create a state home and its orgs' places in it")
    .description(
      "Create a state home and its orgs' places in it, with Terraform and your credentials: from nothing to where the orgs can deploy",
    )
    .argument("<home>", "name of a state home")
    .option("--org <names...>", "only these orgs of the home (default: all)")
    .addOption(yesOption())
    .addOption(dryRunOption())
    .option("--record <file>", "the record", RECORD_FILE)
    .option("--output <folder>", "folder for the synthesized stacks", "cdktf.out")
    .option(
      "--concurrency <number>",
      "access stacks at the same time (default: number of cores)",
      wholeNumber,
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Needs the credentials of a state admin, in the home's account. The home is applied with its state in
a local file; then its key goes into the record, and its state into the bucket; then each org's
access stack is applied, and the keys recorded. When it was stopped or has failed, run it again: it
looks at what is there, and goes on from there.

Examples:
  genesys-orgs state bootstrap production                what would be done
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
  io.stdout.write(renderTable(io, ["stack", "what is there", "what would be done"], rows));
  io.stdout.write("nothing was done; --yes does it\n");
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
  io.stdout.write(`can deploy from home ${home}: ${names || "no org yet"}\n`);
  if (!first) return;
  io.stdout.write(
    `next: commit ${relative(io.cwd, record)}; then, as an org's writer, \`cdktf deploy ${first.stack}\`\n`,
  );
}

function refuseFailed(steps: readonly BootstrapStep[]): void {
  const errors = steps.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (errors.length === 0) return;
  throw new UserError(
    `\n${errors.join("\n\n")}\n\n${counted(errors.length, "stack")} failed; run this again when that is mended`,
  );
}
