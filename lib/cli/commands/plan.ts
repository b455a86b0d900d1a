import { resolve } from "node:path";
import { Command, Option } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import { MARKDOWN, PLAIN } from "../runs/markup";
import { countsOf } from "../runs/plan-summary";
import { planText } from "../runs/plan-text";
import { writeReviews } from "../runs/review";
import { changedSinceOption, envOption, withOutput } from "../runs/select-stacks";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { planOrgs } from "./plan/plan-orgs";

interface PlanOptions {
  readonly env?: readonly Environment[];
  readonly changedSince?: string;
  readonly parallel: number;
  readonly out?: string;
  readonly proposed?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `genesys-orgs plan`. */
export const planCommand = (io: Io): Command =>
  new Command("plan")
    .summary("plan organisations, and sum their changes up")
    .description("Plan organisations with the planner's credential, and sum their changes up")
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(envOption())
    .addOption(changedSinceOption())
    .option("--parallel <number>", "organisations at the same time", wholeNumber, 4)
    .addOption(
      new Option(
        "--proposed <folder>",
        "plan the Terraform JSON in this folder, which need not be trusted",
      ).conflicts(["out"]),
    )
    .option("--out <folder>", "keep each stack's changes and their digest, without values")
    .option("--markdown", "print Markdown, for a comment on a pull request")
    .addOption(jsonOption().conflicts("markdown"))
    .addHelpText(
      "after",
      `
Synthesizes into cdktf.out/orgs, and runs Terraform there with your AWS credentials, best those of the
readers of the states. No lock is taken, and nothing is changed. The plan of an organisation that fails
does not hide the others, and the exit code is 1.

With --proposed, organisations, rules and tools are those of this project, and only the Terraform JSON
is that of the folder. It is refused if it changes how the organisation connects, reads files or uses a
credential where it could be seen. It is then planned after the merge.

Examples:
  genesys-orgs plan                          all organisations
  genesys-orgs plan --env production --markdown
  genesys-orgs plan na-prod --out reviewed   what a reviewer approves`,
    )
    .action((names: string[], options: PlanOptions) => plan(io, names, options));

async function plan(io: Io, names: string[], options: PlanOptions): Promise<void> {
  const { plans, failed } = await withOutput(io, () => planOrgs(io, { names, ...options }));
  if (options.out !== undefined) writeReviews(resolve(io.cwd, options.out), plans);
  if (options.json) {
    writeJson(io, { counts: countsOf(plans), plans, failed });
  } else io.stdout.write(planText(plans, failed, options.markdown ? MARKDOWN : PLAIN));
  if (failed.length === 0) return;
  const errors = failed.map(({ stack, error }) => `${stack}: ${error}`);
  throw new UserError(
    `${errors.join("\n")}\n${counted(failed.length, "stack")} could not be planned`,
  );
}
