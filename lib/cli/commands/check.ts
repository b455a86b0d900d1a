import { Command } from "commander";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { checkProject, checkStaged, isClean } from "./check/check-project";
import { checkText } from "./check/check-text";

/** The exit code if something was found. */
const FOUND = 2;

interface CheckOptions {
  readonly staged?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs check`. */
export const checkCommand = (io: Io): Command =>
  new Command("check")
    .summary("check registry and policies, and look for secrets")
    .description(
      "Check registry, policies and synthesized output, and look for secrets in the repository and in cdktf.out",
    )
    .option("--staged", "only look for secrets in what the next commit changes, for a hook")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Synthesizes into a temporary folder. It needs no credential and no network. The scan for secrets needs
secretlint: npm install --save-dev @secretlint/core@11 @secretlint/secretlint-rule-preset-recommend@11

Exit codes: 0 nothing was found, 1 a mistake or a failure, 2 a problem or a secret was found,
130 stopped by Ctrl-C.

Examples:
  genesys-orgs check
  genesys-orgs check --staged                in a pre-commit hook`,
    )
    .action((options: CheckOptions) => check(io, options));

async function check(io: Io, { staged, json }: CheckOptions): Promise<void> {
  const checked = await (staged ? checkStaged(io) : checkProject(io));
  if (json) writeJson(io, { clean: isClean(checked), ...checked });
  else io.stdout.write(checkText(checked));
  if (!isClean(checked)) throw new ReportedFailure(FOUND);
}
