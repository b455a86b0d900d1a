import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import { isPlaceholder } from "../../registry/placeholder-keys";
import type { RegistryReport } from "../../registry/report";
import {
  findTerraform,
  loadSchemas,
  type ProviderSchemas,
  type RehearsalStack,
  rehearse,
  type StackRehearsal,
  type StepName,
  type TerraformBinary,
  worldOf,
} from "../../rehearsal";
import { readStack, STACK_FILE } from "../../rehearsal/preflight";
import { binaryName, MINIMUM_VERSION } from "../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { synthesize } from "../project/synthesize";
import { coloursFor, type Io, isContinuousIntegration, writeJson } from "../terminal/io";
import { startProgress } from "../terminal/progress";
import { renderTable } from "../terminal/table";
import { wholeNumber } from "../terminal/whole-number";

interface RehearseOptions {
  readonly output?: string;
  readonly concurrency?: number;
  readonly requireTerraform?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly schemas?: string;
}

/** Adds `genesys-orgs rehearse`. */
export function addRehearseCommand(program: Command, io: Io, exit: (code: number) => void): void {
  program
    .command("rehearse")
    .summary("run real Terraform on organisations, without an account")
    .description(
      "Synthesize organisations and state homes, and run real Terraform on them (init, validate, plan, apply, plan again, destroy) against provider doubles: no account, no credential, no download",
    )
    .argument("[org...]", "names of organisations (default: all, and the state homes)")
    .option("--output <folder>", "keep the synthesized stacks there")
    .option(
      "--concurrency <number>",
      "stacks at the same time (default: number of cores)",
      wholeNumber,
    )
    .option("--require-terraform", "fail when Terraform is not on PATH (default with CI=true)")
    .option("--keep", "keep the working folders with states, plans and logs, and name them")
    .option("--json", "print one JSON document on stdout")
    .option("--schemas <folder>", "providers' schemas (default: those of this package)")
    .addHelpText(
      "after",
      `
KMS keys that the record does not have yet are made up, unless --output says where the stacks stay:
then those orgs are left out.

Examples:
  genesys-orgs rehearse                      every organisation and state home
  genesys-orgs rehearse na-prod eu-prod      two of them
  genesys-orgs rehearse na-prod --keep       look at state and plan afterwards
  TERRAFORM_BINARY_NAME=tofu genesys-orgs rehearse

Exit codes: 0 all is well, 1 a mistake or a failed rehearsal, 130 stopped by Ctrl-C.`,
    )
    .action(async (orgs: string[], options: RehearseOptions) => {
      exit(await run(io, orgs, options));
    });
}

async function run(io: Io, names: readonly string[], options: RehearseOptions): Promise<number> {
  const start = performance.now();
  const temporary =
    options.output === undefined ? temporaryFolder("genesys-orgs-synth-") : undefined;
  const output = temporary ?? resolve(io.cwd, options.output ?? "");
  try {
    const schemas = loadSchemas(options.schemas && resolve(io.cwd, options.schemas));
    const terraform = await findTerraform(io.env);
    const report = await synthesize(io, {
      output,
      only: names.length > 0 ? names : undefined,
      // Stacks with made-up keys are not to lie where somebody deploys them.
      placeholders: temporary !== undefined,
    });
    const stacks = stacksOf(report, output, names);
    if (!terraform) return withoutTerraform(io, stacks, schemas, options);
    const results = await rehearseAll(io, report, stacks, schemas, terraform, options);
    const seconds = (performance.now() - start) / 1000;
    const leftOut = report.orgs
      .filter(({ status }) => status === "no recorded key" || status === "no stack")
      .map(({ name }) => name);
    // Of an org that was asked for by its name, no rehearsal is a failed one.
    const ok =
      results.every(({ error }) => error === undefined) &&
      !leftOut.some((name) => names.includes(name));
    const unrecorded = report.orgs
      .filter(({ status, kmsKeyArn }) => status === "synthesized" && isPlaceholder(kmsKeyArn))
      .map(({ name }) => name);
    const ending: Ending = { ok, terraform, results, leftOut, unrecorded, seconds };
    if (options.json) printJson(io, ending);
    else printResults(io, ending);
    return ok ? 0 : 1;
  } finally {
    if (temporary) removeFolder(temporary);
  }
}

async function rehearseAll(
  io: Io,
  report: RegistryReport,
  stacks: readonly RehearsalStack[],
  schemas: ProviderSchemas,
  terraform: TerraformBinary,
  options: RehearseOptions,
): Promise<StackRehearsal[]> {
  const progress = await startProgress(io, stacks.length);
  try {
    return await rehearse({
      stacks,
      schemas,
      terraform,
      world: worldOf(report),
      concurrency: options.concurrency,
      keep: options.keep,
      signal: io.signal,
      onProgress: (event) => progress.event(event),
    });
  } finally {
    progress.stop();
  }
}

function stacksOf(
  report: RegistryReport,
  output: string,
  names: readonly string[],
): RehearsalStack[] {
  const folderOf = (stack: string) => join(output, "stacks", stack);
  const made = ({ status }: { status: string }) => status === "synthesized";
  const homes = report.homes.filter(made).map(({ stack, stateKey, kmsKeyArn }) =>
    // Its bucket cannot keep its state before it is there.
    kmsKeyArn ? { stack, stateKey, lock: "s3" as const } : { stack, stateKey: "local file" },
  );
  const access = report.orgs
    .filter((org) => made(org.access))
    .map(({ name, access: { stack, stateKey } }) => ({
      org: name,
      stack,
      stateKey,
      lock: "s3" as const,
    }));
  const orgs = report.orgs
    .filter(made)
    .map(({ name, stack, stateKey, lock }) => ({ org: name, stack, stateKey, lock }));
  // Whoever names orgs wants these alone.
  const others = (names.length > 0 ? [] : report.otherStacks).map((stack) => ({
    stack,
    stateKey: stateKeyIn(folderOf(stack)),
  }));
  return [...homes, ...access, ...orgs, ...others].map((stack) => ({
    ...stack,
    folder: folderOf(stack.stack),
  }));
}

function stateKeyIn(folder: string): string {
  const { terraform } = JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8"));
  return terraform?.backend?.s3?.key ?? "elsewhere";
}

function withoutTerraform(
  io: Io,
  stacks: readonly RehearsalStack[],
  schemas: ProviderSchemas,
  options: RehearseOptions,
): number {
  for (const { folder } of stacks) readStack(folder, schemas);
  const required = options.requireTerraform === true || isContinuousIntegration(io.env);
  const name = binaryName(io.env);
  io.stderr.write(
    `${required ? "error: " : ""}${count(stacks.length)} synthesized and checked, but not rehearsed: ${name} is not on PATH. Get Terraform ${MINIMUM_VERSION} or newer from https://developer.hashicorp.com/terraform/install, or OpenTofu from https://opentofu.org/docs/intro/install (then TERRAFORM_BINARY_NAME=tofu).\n`,
  );
  if (options.json) {
    const synthesized = stacks.map(({ stack }) => stack);
    writeJson(io, { terraform: null, synthesized });
  }
  return required ? 1 : 0;
}

/** How a rehearsal ended. */
interface Ending {
  readonly ok: boolean;
  readonly terraform: TerraformBinary;
  readonly results: readonly StackRehearsal[];
  /** Names of the orgs of which nothing could be synthesized. */
  readonly leftOut: readonly string[];
  /** Names of the orgs that were rehearsed with a key that was made up. */
  readonly unrecorded: readonly string[];
  readonly seconds: number;
}

function printJson(io: Io, { terraform, results: stacks, ...rest }: Ending): void {
  const { product, version } = terraform;
  writeJson(io, { ...rest, terraform: { product, version }, stacks });
}

function printResults(io: Io, ending: Ending): void {
  const { ok, terraform, results: all, leftOut, unrecorded, seconds } = ending;
  const colours = coloursFor(io.stdout, io.env);
  const results = all.filter(({ interrupted }) => !interrupted);
  if (results.length > 0) io.stdout.write(renderTable(io, columns, results.map(rowWith(colours))));
  for (const { stack, error, interrupted, folder } of all) {
    if (error !== undefined && !interrupted) io.stderr.write(`\n${stack}: ${error}\n`);
    if (folder !== undefined) io.stderr.write(`${stack}: kept ${folder}\n`);
  }
  const failed = results.filter(({ error }) => error !== undefined).map(({ stack }) => stack);
  const verdict = [
    failed.length > 0 ? colours.red(`${failed.length} failed: ${failed.join(", ")}`) : "",
    results.length < all.length ? colours.red(`stopped before ${all.length - results.length}`) : "",
    ok && results.length > 0 ? colours.green("all is well") : "",
    leftOut.length > 0 ? `${leftOut.length} left out` : "",
    unrecorded.length > 0 ? `keys made up, since none is recorded: ${unrecorded.join(", ")}` : "",
  ].filter((part) => part !== "");
  const how = `with ${terraform.product} ${terraform.version} in ${seconds.toFixed(1)} s`;
  io.stdout.write(
    `${count(results.length)} rehearsed ${how}: ${verdict.join("; ") || "nothing to do"}\n`,
  );
}

const columns = [
  "stack",
  "state key",
  "lock",
  "resources",
  "plan",
  "apply",
  "second plan\nempty",
  "secret\nbytes",
  "seconds",
];

function rowWith({ green, red }: ReturnType<typeof coloursFor>) {
  const cell = (result: StackRehearsal, name: StepName) => {
    const step = result.steps.find((each) => each.step === name);
    if (!step) return "-";
    return step.ok ? green(`${step.seconds.toFixed(1)} s`) : red("failed");
  };
  const empty = ({ secondPlanEmpty }: StackRehearsal) => {
    if (secondPlanEmpty === undefined) return "-";
    return secondPlanEmpty ? green("yes") : red("no");
  };
  return (result: StackRehearsal): string[] => [
    result.stack,
    result.stateKey,
    result.lock ?? "-",
    String(result.resources),
    cell(result, "plan"),
    cell(result, "apply"),
    empty(result),
    result.secretBytes === 0 ? "0" : red(String(result.secretBytes)),
    result.seconds.toFixed(1),
  ];
}

const count = (stacks: number): string => (stacks === 1 ? "1 stack" : `${stacks} stacks`);
