import { join, resolve } from "node:path";
import { Command } from "commander";
import { REPORTS } from "../runs/select-stacks";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, wholeNumber, yesOption } from "../terminal/options";
import { destroyOrg } from "./destroy/destroy-org";
import { destroyText } from "./destroy/destroy-text";
import type { Destruction } from "./destroy/destruction";
import { remainsOf } from "./destroy/remains";

interface DestroyOptions {
  readonly yes?: boolean;
  readonly confirm?: string;
  readonly lockTimeout: number;
  readonly report: string;
  readonly json?: boolean;
}

/** `genesys-orgs destroy`. */
export const destroyCommand = (io: Io): Command =>
  new Command("destroy")
    .summary("destroy what Terraform created in an organisation")
    .description(
      "Destroy what Terraform created in an organisation, with the deployer's credential",
    )
    .argument("<org>", "name of an organisation")
    .addOption(yesOption())
    .option("--confirm <org>", "with --yes: the organisation's name, where nobody can be asked")
    .option("--lock-timeout <seconds>", "wait for the lock of a state", wholeNumber, 300)
    .option("--report <folder>", "folder of the report", join(REPORTS, "destroy"))
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Shows what would be destroyed, and what stays. With --yes, it asks you to type the organisation's name,
and destroys exactly what it has shown. It refuses while OAuth clients of the organisation are alive:
retire them first.

Examples:
  genesys-orgs destroy na-prod
  genesys-orgs destroy na-prod --yes
  genesys-orgs destroy na-prod --yes --confirm na-prod    in CI`,
    )
    .action((org: string, options: DestroyOptions) => destroy(io, org, options));

async function destroy(io: Io, name: string, options: DestroyOptions): Promise<void> {
  const { yes = false, json, confirm, lockTimeout } = options;
  let document: object = {};
  await destroyOrg(io, name, {
    yes,
    confirm,
    lockTimeout,
    report: resolve(io.cwd, options.report),
    onPlanned: (org, plans) => {
      const stays = remainsOf(org, plans);
      document = { org: name, stacks: plans.map(shownOf), stays };
      if (!json) io.stdout.write(destroyText(name, plans, stays));
    },
  });
  if (json) return writeJson(io, { done: yes, ...document });
  io.stdout.write(yes ? `${name}: destroyed\n` : `${DRY_RUN_WITHOUT_YES}\n`);
}

/** Values of objects may be secrets. */
const shownOf = ({ stack, objects, forgotten }: Destruction) => {
  const addresses = (all: Destruction["objects"]) => all.map(({ address }) => address);
  return { stack, destroyed: addresses(objects), forgotten: addresses(forgotten) };
};
