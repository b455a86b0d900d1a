import { relative } from "node:path";
import { Command, Option } from "commander";
import type { Io } from "../terminal/io";
import { DRY_RUN, dryRunOption } from "../terminal/options";
import { type InitProps, initProject } from "./init/init-project";

interface InitOptions extends Pick<InitProps, "org" | "dryRun"> {
  readonly yaml?: boolean;
}

/** `genesys-orgs init`. */
export const initCommand = (io: Io): Command =>
  new Command("init")
    .summary("write a new project with one organisation")
    .description(
      "Write a new project with one organisation, its state home and the record. It can be rehearsed as it is, with example values",
    )
    .argument("[folder]", "folder of the project; is created if it does not exist", ".")
    .addOption(
      new Option("--typescript", "organisations and resources in TypeScript (default)").conflicts(
        "yaml",
      ),
    )
    .option("--yaml", "organisations in YAML, and no code")
    .option("--org <name>", "name of the organisation", "na-prod")
    .addOption(dryRunOption())
    .addHelpText(
      "after",
      `
It never overwrites a file. It needs no project: npx cdktf-genesys-orgs init my-orgs

Examples:
  genesys-orgs init my-orgs                    a project in TypeScript
  genesys-orgs init my-orgs --yaml             a project without code
  genesys-orgs init my-orgs --org eu-staging`,
    )
    .action((folder: string, options: InitOptions) => init(io, folder, options));

function init(io: Io, folder: string, { yaml, ...options }: InitOptions): void {
  const language = yaml ? "yaml" : "typescript";
  const project = initProject(io.cwd, { ...options, folder, language });
  const { dryRun, files, examples, home } = project;
  const place = relative(io.cwd, project.folder);
  const lines = [
    `${dryRun ? "would write" : "wrote"} in ${project.folder}:`,
    ...files.map((file) => `  ${file}`),
  ];
  const next = [
    "",
    "next:",
    ...(place === "" ? [] : [`  cd ${/\s/.test(place) ? `"${place}"` : place}`]),
    "  npm install",
    "  npx genesys-orgs rehearse",
    `  put your values in the place of the examples in ${examples.join(" and ")}`,
    `  npx genesys-orgs state bootstrap ${home}   # as a state admin: a dry run without --yes`,
  ];
  io.stdout.write(`${[...lines, ...(dryRun ? [DRY_RUN] : next)].join("\n")}\n`);
}
