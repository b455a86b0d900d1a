import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { StackRehearsal, StepName } from "../../rehearsal";
import { binaryName } from "../../terraform/binary";
import { OLDEST_TERRAFORM } from "../../versions";
import { ReportedFailure } from "../terminal/failure";
import { coloursFor, type Io, isContinuousIntegration, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { shortList } from "../terminal/short-list";
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
    .summary("run real Terraform on organisations, without any account")
    .description(
      "Synthesize organisations and state homes, and run real Terraform on them (init, validate, plan, apply, plan again, destroy). Provider doubles replace the providers, so no account, no credential and no download is needed",
    )
    .argument("[org...]", "names of organisations (default: all, and all state homes)")
    .option(
      "--output <folder>",
      "folder in which the synthesized stacks stay (default: they are removed)",
    )
    .option(
      "--concurrency <number>",
      "number of stacks at the same time (default: number of cores)",
      wholeNumber,
    )
    .option(
      "--require-terraform",
      "fail if Terraform is not on PATH (default if CI=true or TERRAFORM_BINARY_NAME is set)",
    )
    .option(
      "--keep",
      "keep the working folders, with states, plans and logs, and print their names",
    )
    .option(
      "--allow-provisioner <address>",
      "let the provisioners of a resource or module run, for real (repeatable; default: refused)",
      (address: string, others: string[] = []) => [...others, address],
    )
    .addOption(jsonOption())
    .option(
      "--schemas <folder>",
      "folder with schemas of further providers and types, besides those of this package",
    )
    .addHelpText(
      "after",
      `
If an organisation has no recorded KMS key yet, the rehearsal makes one up. With --output it leaves
the organisation out instead. If you name an organisation that is left out, the rehearsal fails.

Examples:
  genesys-orgs rehearse                      all organisations and state homes
  genesys-orgs rehearse na-prod eu-prod      two organisations
  genesys-orgs rehearse na-prod --keep       keep state, plans and logs to look at them
  TERRAFORM_BINARY_NAME=tofu genesys-orgs rehearse`,
    )
    .action((names: string[], options: RehearseOptions) => run(io, names, options));

async function run(io: Io, names: string[], options: RehearseOptions): Promise<void> {
  const { requireTerraform = mustRun(io.env), json, ...props } = options;
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

/** Whether it is a failure if there is no Terraform: in CI, and if the caller names one. */
const mustRun = (env: NodeJS.ProcessEnv): boolean =>
  isContinuousIntegration(env) || Boolean(env.TERRAFORM_BINARY_NAME);

const withoutTerraform = ({ env }: Io, stacks: number): string =>
  `${counted(stacks, "stack")} synthesized and checked, but not rehearsed: ${binaryName(env)} is not on PATH. Install Terraform ${OLDEST_TERRAFORM} or newer (https://developer.hashicorp.com/terraform/install), or OpenTofu (https://opentofu.org/docs/intro/install) with TERRAFORM_BINARY_NAME=tofu.`;

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
    if (folder !== undefined) io.stderr.write(`${stack}: files kept in ${folder}\n`);
  }
  for (const { stack, exceptions } of results) {
    for (const { rule, waivedAt, until, reason } of exceptions) {
      io.stdout.write(`${stack}: ${rule} is waived at ${waivedAt} until ${until}: ${reason}\n`);
    }
  }
  const failed = results.filter(({ error }) => error !== undefined).map(({ stack }) => stack);
  const madeUp = [...new Set(results.flatMap(({ madeUpStates }) => madeUpStates))];
  const derived = [...new Set(results.flatMap(({ derivedSchemas }) => derivedSchemas))].sort();
  const imported = [...new Set(results.flatMap(({ madeUpImports }) => madeUpImports))];
  const verdict = [
    failed.length > 0 ? colours.red(`${failed.length} failed: ${failed.join(", ")}`) : "",
    results.length < all.length ? colours.red(`${all.length - results.length} interrupted`) : "",
    ok && results.length > 0 ? colours.green("all is well") : "",
    leftOut.length > 0 ? `${leftOut.length} left out` : "",
    madeUp.length > 0 ? `made-up outputs of states elsewhere: ${madeUp.join(", ")}` : "",
    imported.length > 0
      ? `imported objects made up from the configuration: ${shortList(imported)}`
      : "",
    derived.length > 0
      ? `${counted(derived.length, "type")} by derived schemas: ${derived.join(", ")}`
      : "",
    unrecorded.length > 0
      ? `rehearsed with made-up keys, because their keys are not recorded yet: ${unrecorded.join(", ")}`
      : "",
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
