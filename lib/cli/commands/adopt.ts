import { Argument, Command } from "commander";
import { counted } from "../../counted";
import { ENTRY_FOLDER, ENTRY_FUNCTION } from "../../existing/code/project-code";
import { pathText } from "../../existing/model";
import { KNOWN_TYPES } from "../../existing/types";
import { typesNamed } from "../project/existing-org";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { onOneLine } from "../terminal/printable";
import { shortList } from "../terminal/short-list";
import { type AdoptedOrg, adoptOrg } from "./adopt/adopt-org";
import { exportLines } from "./adopt/export-lines";
import { leftOutLines } from "./adopt/left-out-lines";
import { type AdoptionPlan, planAdoption } from "./adopt/plan-adoption";
import { REMOVE_GONE } from "./adopt/refuse-losses";

interface AdoptOptions {
  readonly overwrite?: boolean;
  readonly removeGone?: boolean;
  readonly plan: boolean;
  readonly json?: boolean;
  readonly from?: string;
}

/** `genesys-orgs adopt`. */
export const adoptCommand = (io: Io): Command =>
  new Command("adopt")
    .summary("write code that takes an organisation's objects over")
    .description(
      "Write typed code and import blocks for what an organisation has already, and plan them",
    )
    .argument("<org>", "name of the organisation")
    .addArgument(new Argument("[type...]", "types of objects, for example queues (default: all)"))
    .option(
      "--from <folder>",
      "take the objects from the files of genesyscloud_tf_export (default: from the organisation)",
    )
    .option("--overwrite", "write also files that somebody has changed")
    .option(REMOVE_GONE, "write also without deployed objects that cannot be seen any more")
    .option("--no-plan", "only write the code")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads the organisation as its planner, which may only view, and its states with your AWS credentials. The
code goes to ${ENTRY_FOLDER}/<org>: a file per type, and the ids and all that differs between organisations by its
nature in files of their own. The same organisation gives the same bytes. Nothing is written to Genesys
Cloud: that is what \`genesys-orgs deploy\` does, after you have seen the plan.

With --from, arguments come from the HCL or JSON of an export, and ids from its terraform.tfstate, or by name from
the organisation. What the organisation's state has at an address of the export is moved, and not imported.

Exit codes: 0 the plan only imports or moves, 1 a mistake or a failure, 2 the plan also changes something, or the
stack does not call ${ENTRY_FUNCTION} yet, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs adopt na-prod
  genesys-orgs adopt na-prod divisions skills queues    some types first
  genesys-orgs adopt na-prod --from ./genesyscloud      what the provider's tf_export wrote`,
    )
    .action((org: string, types: string[], options: AdoptOptions) =>
      runAdopt(io, org, types, options),
    );

async function runAdopt(
  io: Io,
  name: string,
  typeNames: string[],
  { overwrite = false, removeGone = false, plan: wantsPlan, json, from }: AdoptOptions,
): Promise<void> {
  const types = typesNamed(typeNames);
  const adopted = await adoptOrg(io, { name, types, overwrite, removeGone, from });
  if (!json) io.stdout.write(adoptedText(name, adopted));
  const plan = wantsPlan ? await planAdoption(io, name, adopted) : undefined;
  if (json) writeJson(io, documentOf(name, adopted, plan));
  else if (plan) io.stdout.write(plan.text);
  plan?.refuse();
}

function adoptedText(name: string, adopted: AdoptedOrg): string {
  const { folder, changes, calls, circles, gone, source } = adopted;
  const written = changes.filter(({ change }) => change !== "unchanged");
  return [
    `${name}: ${counted(adopted.adopted.length, "object")}${source ? ` of ${source.folder}` : ""} in ${folder}, ${counted(calls, "call")} of the Platform API`,
    ...written.map(({ file, change }) => `  ${change}: ${file}`),
    ...(written.length === 0 ? ["  no file changes"] : []),
    ...leftOutLines(adopted.leftOut),
    ...twinLines(adopted),
    ...(source ? exportLines(name, source) : []),
    ...circles.map(
      (circle) => `note: ${circle.join(" and ")} refer to each other: one of them by id`,
    ),
    ...waivedLines(adopted),
    ...gone.map(
      (logicalId) =>
        `note: ${logicalId} cannot be taken over in ${name} any more, and has no code now`,
    ),
    "",
  ].join("\n");
}

/** Returns the rules that the code waives, with the objects that break them. */
const waivedLines = ({ waived }: AdoptedOrg): string[] =>
  [...new Set([...waived.values()].flat())].sort().map((rule) => {
    const ids = [...waived].filter(([, rules]) => rules.includes(rule)).map(([id]) => id);
    return `note: ${counted(ids.length, "object")} would break ${rule}, so the code waives it: ${shortList(ids)}`;
  });

/** Returns the objects that have the names of others. */
const twinLines = ({ adopted }: AdoptedOrg): string[] =>
  adopted
    .filter(({ hasNamesakes }) => hasNamesakes)
    .map(
      ({ type, path }) =>
        `note: several ${KNOWN_TYPES.get(type)?.plural} have the name of ${onOneLine(pathText(path))}: rename all but one, so that it is clear which is which`,
    );

function documentOf(name: string, adopted: AdoptedOrg, plan: AdoptionPlan | undefined): object {
  const { folder, changes, calls, remembered, circles, waived, gone, leftOut, source } = adopted;
  return {
    org: name,
    folder,
    adopted: adopted.adopted.map(({ type, path, id, movedFrom }) => ({
      type,
      path,
      id,
      movedFrom,
    })),
    leftOut: leftOut.map(({ object: { type, path, id }, reason }) => ({ type, path, id, reason })),
    changes,
    circles,
    waived: Object.fromEntries(waived),
    gone,
    calls,
    remembered,
    ...(source && { export: source }),
    ...(plan && { plan: plan.document }),
  };
}
