import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { StackRehearsal, StepName } from "../../rehearsal";
import { binaryName } from "../../terraform/binary";
import { OLDEST_TERRAFORM } from "../../versions";
import { ReportedFailure } from "../terminal/failure";
import { coloursFor, type Io, isContinuousIntegration, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { renderTable } from "../terminal/table";
import {
  type Rehearsed,
  type RehearseProjectProps,
  rehearseProject,
} from "./rehearse/rehearse-project";

interface RehearseOptions extends Omit<RehearseProjectProps, "names"> {
  readonly requireTerraform?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs rehearse`. */
export const rehearseCommand = (io: Io): Command =>
  new Command("rehearse")
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
    .addOption(jsonOption())
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
  TERRAFORM_BINARY_NAME=tofu genesys-orgs rehearse`,
    )
    .action((names: string[], options: RehearseOptions) => run(io, names, options));

async function run(io: Io, names: string[], options: RehearseOptions): Promise<void> {
  const { requireTerraform = isContinuousIntegration(io.env), json, ...props } = options;
  const ending = await rehearseProject(io, { ...props, names });
  if (!ending.terraform) {
    if (json) writeJson(io, { ...ending, terraform: null });
    const text = withoutTerraform(io, ending.synthesized.length);
    if (requireTerraform) throw new UserError(`error: ${text}`);
    io.stderr.write(`${text}\n`);
    return;
  }
  (json ? printJson : printText)(io, ending);
  if (!ending.ok) throw new ReportedFailure();
}

const withoutTerraform = ({ env }: Io, stacks: number): string =>
  `${counted(stacks, "stack")} synthesized and checked, but not rehearsed: ${binaryName(env)} is not on PATH. Get Terraform ${OLDEST_TERRAFORM} or newer from https://developer.hashicorp.com/terraform/install, or OpenTofu from https://opentofu.org/docs/intro/install (then TERRAFORM_BINARY_NAME=tofu).`;

function printJson(io: Io, { terraform, results: stacks, ...rest }: Rehearsed): void {
  const { product, version } = terraform;
  writeJson(io, { ...rest, terraform: { product, version }, stacks });
}

function printText(io: Io, ending: Rehearsed): void {
  const { ok, terraform, results: all, leftOut, unrecorded, seconds } = ending;
  const colours = coloursFor(io.stdout, io.env);
  const results = all.filter(({ interrupted }) => !interrupted);
  if (results.length > 0) io.stdout.write(renderTable(io, HEAD, results.map(rowWith(colours))));
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
    `${counted(results.length, "stack")} rehearsed ${how}: ${verdict.join("; ") || "nothing to do"}\n`,
  );
}

const HEAD = [
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
