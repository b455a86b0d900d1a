import { Command } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import { MARKDOWN, PLAIN } from "../runs/markup";
import { envOption, withOutput } from "../runs/select-stacks";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber, wholeNumberFrom } from "../terminal/options";
import { type Drift, driftOf } from "./drift/drift-orgs";
import { driftCounts, driftText, nameOf } from "./drift/drift-text";

interface DriftOptions {
  readonly env?: readonly Environment[];
  readonly parallel: number;
  readonly settle: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** The exit code if there is drift. */
const DRIFT = 2;

/** `genesys-orgs drift`. */
export const driftCommand = (io: Io): Command =>
  new Command("drift")
    .summary("show what was changed without Terraform")
    .description(
      "Show what others than Terraform have changed in organisations, with the planner's credential",
    )
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(envOption())
    .option("--parallel <number>", "organisations at the same time", wholeNumber, 4)
    .option(
      "--settle <seconds>",
      "time until the second look at what differs",
      wholeNumberFrom(0),
      60,
    )
    .option("--markdown", "print Markdown, for a comment or an issue")
    .addOption(jsonOption().conflicts("markdown"))
    .addHelpText(
      "after",
      `
Synthesizes into cdktf.out/orgs, and runs Terraform there with your AWS credentials, best those of the
readers of the states. No lock is taken, and nothing is changed. Only a difference that a second look
finds as well counts, and none that the registry has in knownDrift.

Exit codes: 0 no drift, 1 a mistake or a failure, 2 drift, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs drift                         all organisations
  genesys-orgs drift --env production --json
  genesys-orgs drift na-prod --settle 120    if its services need long to show a change`,
    )
    .action((names: string[], options: DriftOptions) => drift(io, names, options));

async function drift(io: Io, names: string[], options: DriftOptions): Promise<void> {
  const found = await withOutput(io, () => driftOf(io, { names, ...options }));
  if (options.json) writeJson(io, { counts: driftCounts(found.stacks), ...found });
  else io.stdout.write(driftText(found, options.markdown ? MARKDOWN : PLAIN));
  const problems = problemsIn(found);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  if (found.stacks.some(({ changes }) => changes.length > 0)) throw new ReportedFailure(DRIFT);
}

function problemsIn({ failed, ended }: Drift): string[] {
  return [
    ...failed.map(({ stack, error }) => `${stack}: ${error}`),
    ...(failed.length > 0 ? [`${counted(failed.length, "stack")} could not be looked at`] : []),
    ...ended.map(
      ({ org, entry }) =>
        `${org}: knownDrift ${nameOf(entry, (text) => text)} ended on ${entry.until} (${entry.reason}): correct the difference and remove the entry, or agree on another day`,
    ),
  ];
}
