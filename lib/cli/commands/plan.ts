import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import { ENVIRONMENT_LABELS } from "../../registry/names";
import { MARKDOWN, PLAIN } from "../runs/markup";
import { countsOf, type StackPlan } from "../runs/plan-summary";
import { planText } from "../runs/plan-text";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, wholeNumber } from "../terminal/options";
import { planOrgs } from "./plan/plan-orgs";

interface PlanOptions {
  readonly env?: readonly Environment[];
  readonly parallel: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `genesys-orgs plan`. */
export const planCommand = (io: Io): Command =>
  new Command("plan")
    .summary("plan organisations, and sum their changes up")
    .description("Plan organisations with the planner's credential, and sum their changes up")
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(
      new Option("--env <environment...>", "only organisations of these environments").choices(
        Object.keys(ENVIRONMENT_LABELS),
      ),
    )
    .option("--parallel <number>", "organisations at the same time", wholeNumber, 4)
    .option("--out <folder>", "keep each stack's changes and their digest, without values")
    .option("--markdown", "print Markdown, for a comment on a pull request")
    .addOption(jsonOption().conflicts("markdown"))
    .addHelpText(
      "after",
      `
Synthesizes into cdktf.out, and runs Terraform there with your AWS credentials, best those of the
readers of the states. No lock is taken, and nothing is changed. The plan of an organisation that fails
does not hide the others, and the exit code is 1.

Examples:
  genesys-orgs plan                          all organisations
  genesys-orgs plan --env production --markdown
  genesys-orgs plan na-prod --out reviewed   what a reviewer approves`,
    )
    .action((names: string[], options: PlanOptions) => plan(io, names, options));

async function plan(io: Io, names: string[], options: PlanOptions): Promise<void> {
  const { plans, failed } = await planOrgs(io, names, options);
  if (options.out !== undefined) keep(resolve(io.cwd, options.out), plans);
  if (options.json) {
    writeJson(io, { counts: countsOf(plans), plans, failed });
  } else io.stdout.write(planText(plans, failed, options.markdown ? MARKDOWN : PLAIN));
  if (failed.length === 0) return;
  const errors = failed.map(({ stack, error }) => `${stack}: ${error}`);
  throw new UserError(
    `${errors.join("\n")}\n${counted(failed.length, "stack")} could not be planned`,
  );
}

/** Writes the changes of each stack. They have no values, but show how an organisation is built. */
function keep(folder: string, plans: readonly StackPlan[]): void {
  mkdirSync(folder, { recursive: true });
  for (const plan of plans) {
    const text = `${JSON.stringify({ version: 1, ...plan }, null, 2)}\n`;
    writeFileSync(join(folder, `${plan.stack}.json`), text, { mode: 0o600 });
  }
}
