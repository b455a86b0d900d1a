import { Argument, Command } from "commander";
import { PARAMETERS } from "../../existing/code/code-files";
import { ENTRY_FOLDER, ENTRY_FUNCTION } from "../../existing/code/project-code";
import { type Io, writeJson } from "../terminal/io";
import { dryRunOption, jsonOption } from "../terminal/options";
import { REMOVE_GONE } from "./adopt/refuse-losses";
import { planPromotion } from "./promote/plan-promotion";
import { type PromoteOrgProps, promoteOrg } from "./promote/promote-org";
import { promotionDocument, promotionText } from "./promote/promotion-text";

interface PromoteOptions {
  readonly name?: readonly string[];
  readonly parameters?: string;
  readonly withValues?: boolean;
  readonly overwrite?: boolean;
  readonly removeGone?: boolean;
  readonly dryRun?: boolean;
  readonly plan: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs promote`. */
export const promoteCommand = (io: Io): Command =>
  new Command("promote")
    .summary("carry differences into another one's code")
    .description(
      "Write what an organisation or a snapshot has, and another organisation lacks or has otherwise, to the code of that organisation, and plan it",
    )
    .argument("<from>", "name of an organisation, or a folder with a snapshot")
    .argument("<to>", "name of the organisation that gets the code")
    .addArgument(new Argument("[type...]", "types of objects, for example queues (default: all)"))
    .option("--name <name...>", "names of objects; * stands for any text (default: all)")
    .option("--parameters <file>", `values for new objects, in the form of ${PARAMETERS}`)
    .option("--with-values", "take the source's phone numbers, addresses and the like")
    .option("--overwrite", "write also files that somebody has changed")
    .option(REMOVE_GONE, "write also without deployed objects that cannot be seen any more")
    .addOption(dryRunOption())
    .option("--no-plan", "only write the code")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads organisations as their planners, which may only view. What a chosen object refers to, and the other
organisation lacks, is promoted too. The code goes to ${ENTRY_FOLDER}/<to>, and keeps what it has. Nothing is written
to Genesys Cloud: that is what \`genesys-orgs deploy\` does, after you have seen the plan. See docs/existing.md.

Exit codes: 0 the plan does what was promoted, or there is nothing to promote, 1 a mistake or a failure, 2 the
plan also changes something else, or the stack does not call ${ENTRY_FUNCTION} yet, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs promote na-staging na-prod queues --name "Support *"
  genesys-orgs promote na-staging na-prod --dry-run       only list it
  genesys-orgs promote snapshots/na-prod na-prod queues   bring back what the snapshot has`,
    )
    .action((from: string, to: string, types: string[], options: PromoteOptions) =>
      runPromote(io, from, to, types, options),
    );

async function runPromote(
  io: Io,
  from: string,
  to: string,
  types: string[],
  options: PromoteOptions,
): Promise<void> {
  const { name: names = [], parameters, withValues = false } = options;
  const { overwrite = false, removeGone = false } = options;
  const { dryRun = false, plan: wantsPlan, json } = options;
  const props: PromoteOrgProps = {
    from,
    to,
    types,
    names,
    ...(parameters !== undefined && { parameters }),
    withValues,
    overwrite,
    removeGone,
    dryRun,
  };
  const promotion = await promoteOrg(io, props);
  if (!json) io.stdout.write(promotionText(props, promotion));
  const isWritten = promotion.changes.length > 0;
  const plan = wantsPlan && isWritten ? await planPromotion(io, to, promotion) : undefined;
  if (json)
    writeJson(io, { ...promotionDocument(props, promotion), ...(plan && { plan: plan.document }) });
  else if (plan) io.stdout.write(plan.text);
  plan?.refuse();
}
