import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import { conditionOf } from "../runs/approval";
import { isDone } from "../runs/ledger";
import { PLAIN } from "../runs/markup";
import { exitCodeOf } from "../runs/outcomes";
import { reportText } from "../runs/report-text";
import { readReviews } from "../runs/review";
import { changedSinceOption, envOption, REPORTS } from "../runs/select-stacks";
import { readReport } from "../runs/write-report";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import type { Approval } from "./deploy/approve";
import { deployOrgs } from "./deploy/deploy-orgs";

interface DeployOptions {
  readonly env?: readonly Environment[];
  readonly changedSince?: string;
  readonly reviewed?: string;
  readonly approveIf?: string;
  readonly yes?: boolean;
  readonly parallel: number;
  readonly lockTimeout: number;
  readonly maxFailures?: number;
  readonly report: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs deploy`. */
export const deployCommand = (io: Io): Command =>
  new Command("deploy")
    .summary("plan organisations, and apply what is approved")
    .description(
      "Plan organisations with the deployer's credential, have the changes approved, and apply them",
    )
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(envOption())
    .addOption(changedSinceOption())
    .addOption(
      new Option("--reviewed <folder>", "apply only what `plan --out <folder>` has planned"),
    )
    .addOption(
      new Option(
        "--approve-if <condition>",
        "approve by the counts of a stack's changes",
      ).conflicts("reviewed"),
    )
    .addOption(new Option("--yes", "approve all changes").conflicts(["reviewed", "approveIf"]))
    .option("--parallel <number>", "organisations at the same time", wholeNumber, 4)
    .option("--lock-timeout <seconds>", "wait for the lock of a state", wholeNumber, 300)
    .option("--max-failures <number>", "start nothing more after so many failures", wholeNumber)
    .option("--report <folder>", "folder of the report", join(REPORTS, "deploy"))
    .option("--resume", "only what the run in the folder of the report did not finish")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action((names: string[], options: DeployOptions) => deploy(io, names, options));

const HELP = `
Synthesizes into cdktf.out/orgs, and runs Terraform there with your AWS credentials: those of
the states' writers. The environments follow each other: development and sandbox, staging, production;
the next one starts only if all before it is done. Without --reviewed, --approve-if and --yes the
changes are shown, and applied when you type yes. Ctrl-C lets running organisations end.

A condition compares add, change, replace, destroy, other and weakened with a number. Stacks that it
does not approve wait. An apply that failed is never repeated.

Exit codes: 0 all is done, 1 something failed, 2 changes wait for approval, 3 a reviewed change no
longer holds, 130 or 143 stopped.

Examples:
  genesys-orgs deploy na-prod
  genesys-orgs deploy --reviewed reviewed --env production
  genesys-orgs deploy --approve-if "destroy == 0 && replace == 0 && weakened == 0"
  genesys-orgs deploy --resume                what the last run did not finish`;

async function deploy(io: Io, names: string[], options: DeployOptions): Promise<void> {
  const { reviewed, json } = options;
  const report = resolve(io.cwd, options.report);
  const { names: chosen, finished } = options.resume
    ? unfinishedIn(join(report, "report.json"), names)
    : { names, finished: undefined };
  const result = await deployOrgs(io, {
    ...options,
    names: chosen,
    finished,
    report,
    approval: approvalOf(io, options),
    reviews: reviewed === undefined ? undefined : readReviews(resolve(io.cwd, reviewed)),
    summary: json ? io.stderr : io.stdout,
  });
  if (json) writeJson(io, result);
  else io.stdout.write(reportText(result, PLAIN));
  const code = exitCodeOf(result);
  if (code !== 0) throw new ReportedFailure(code);
}

function approvalOf(io: Io, { reviewed, approveIf, yes }: DeployOptions): Approval {
  if (reviewed !== undefined) return { kind: "reviewed" };
  if (approveIf !== undefined) return { kind: "by condition", condition: conditionOf(approveIf) };
  if (yes) return { kind: "by option" };
  return { kind: io.ask ? "by hand" : "none" };
}

/** The stacks of an earlier run, by whether they are done. */
function unfinishedIn(file: string, names: readonly string[]) {
  const { stacks } = readReport(file);
  const left = stacks.filter((stack) => !isDone(stack));
  const orgs = [...new Set(left.map(({ org }) => org))].filter(
    (org) => names.length === 0 || names.includes(org),
  );
  if (orgs.length === 0) {
    throw new UserError(`${file}: that run has finished all its stacks, so nothing is left to do`);
  }
  return { names: orgs, finished: new Set(stacks.filter(isDone).map(({ stack }) => stack)) };
}
