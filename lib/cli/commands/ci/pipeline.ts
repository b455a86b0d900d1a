import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { githubFiles } from "../../../ci/github";
import { gitlabFiles } from "../../../ci/gitlab";
import { headingOf, optionsIn } from "../../../ci/heading";
import {
  DEFAULTS,
  deployable,
  type PipelineFiles,
  type PipelineSettings,
} from "../../../ci/pipeline";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { RegistryReport } from "../../../registry/report";
import { gitIn } from "../../project/git";
import { replaceFile } from "../../project/replace-file";
import { listOrgs } from "../../project/synthesize";
import { ReportedFailure } from "../../terminal/failure";
import type { Io } from "../../terminal/io";
import { wholeNumber } from "../../terminal/options";

/** `genesys-orgs ci github`. */
export const githubCommand = (io: Io): Command =>
  pipelineCommand(io, {
    engine: "github",
    product: "GitHub Actions",
    files: githubFiles,
    help: `Writes four workflows into .github/workflows: for pull requests, for their plans, for deploys, and for
each night. docs/pipelines.md says what each of them may do, and what to set in GitHub.`,
    next: 'docs/pipelines.md, "What to set once"',
  });

/** `genesys-orgs ci gitlab`. */
export const gitlabCommand = (io: Io): Command =>
  pipelineCommand(io, {
    engine: "gitlab",
    product: "GitLab",
    files: gitlabFiles,
    help: `Writes .gitlab/genesys-orgs.yml, which .gitlab-ci.yml includes. docs/pipelines.md says what its jobs may
do, and what to set in GitLab.`,
    next: "include the file in .gitlab-ci.yml, as docs/pipelines.md shows",
  });

/** An engine for which a pipeline can be written. */
interface Engine {
  readonly engine: string;
  readonly product: string;
  /** Returns the files by their paths in the project. */
  readonly files: PipelineFiles;
  readonly help: string;
  /** The next step after the files were written. */
  readonly next: string;
}

/** Returns a reader of an option that must have a form. */
const matching =
  (form: RegExp, expected: string) =>
  (value: string): string => {
    if (form.test(value)) return value;
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };

type PipelineOptions = Partial<PipelineSettings> & { readonly check?: boolean };

function pipelineCommand(io: Io, engine: Engine): Command {
  const command = new Command(engine.engine)
    .summary(`write the pipeline for ${engine.product}`)
    .description(`Write the pipeline for ${engine.product} from the registry`)
    .option(
      "--branch <name>",
      `branch that is deployed (default: "${DEFAULTS.branch}")`,
      matching(/^[\w.][\w./-]*$/, "the name of a branch"),
    )
    .option("--command <command>", `how jobs run genesys-orgs (default: "${DEFAULTS.command}")`)
    .option(
      "--node <version>",
      `version of Node.js (default: "${DEFAULTS.node}")`,
      matching(/^\d+(\.\d+){0,2}$/, "a version, such as 24"),
    )
    .option(
      "--terraform <version>",
      `version of Terraform (default: "${DEFAULTS.terraform}")`,
      matching(/^\d+\.\d+\.\d+$/, "a version, such as 1.11.4"),
    )
    .option(
      "--parallel <number>",
      `organisations at the same time (default: ${DEFAULTS.parallel})`,
      wholeNumber,
    )
    .option("--check", "change nothing; exit with 1 if a file is not as it would be written");
  if (engine.engine === "github") {
    command.option(
      "--repository <name>",
      "repository (default: that of the state homes)",
      matching(/^[\w.-]+\/[\w.-]+$/, "an owner and a name, such as example/platform"),
    );
  }
  return command
    .addHelpText(
      "after",
      `
${engine.help}

The options are kept in the files, and used again.

Examples:
  genesys-orgs ci ${engine.engine}
  genesys-orgs ci ${engine.engine} --check             in CI, after a change of the registry`,
    )
    .action((options: PipelineOptions) => writePipeline(io, engine, options));
}

async function writePipeline(io: Io, engine: Engine, options: PipelineOptions): Promise<void> {
  const { check = false, ...given } = options;
  await refuseSubfolder(io);
  const report = await listOrgs(io);
  const files = filesOf(io, engine, report, given);
  const stale = [...files].filter(([path, text]) => contentOf(io, path) !== text);
  if (check) {
    for (const [path] of stale) {
      const why = contentOf(io, path) === undefined ? "does not exist" : "is out of date";
      io.stderr.write(`${path} ${why}\n`);
    }
    if (stale.length > 0) {
      const what = stale.length === 1 ? "it" : "them";
      io.stderr.write(`write ${what} with \`genesys-orgs ci ${engine.engine}\`\n`);
      throw new ReportedFailure();
    }
    io.stdout.write(`${counted(files.size, "file")} up to date\n`);
    return;
  }
  for (const [path] of stale) refuseOthers(io, path);
  for (const [path, text] of stale) {
    const file = join(io.cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, text);
    io.stdout.write(`wrote ${path}\n`);
  }
  if (stale.length === 0) io.stdout.write(`${counted(files.size, "file")} up to date\n`);
  for (const warning of warningsOf(report, engine)) io.stderr.write(`warning: ${warning}\n`);
  if (stale.length > 0) io.stdout.write(`next: ${engine.next}\n`);
}

/** @throws UserError if the project is not at the top of its repository, where engines look for pipelines */
async function refuseSubfolder(io: Io): Promise<void> {
  // A project that is not in git yet may get its pipeline all the same.
  const prefix = await gitIn(io)(["rev-parse", "--show-prefix"]).catch(() => "");
  if (prefix === "") return;
  throw new UserError(
    `the project is in the folder ${prefix} of its git repository, and pipelines are read at the top only: move it into a repository of its own`,
  );
}

/** @throws UserError for a file that somebody else has written */
function refuseOthers(io: Io, path: string): void {
  const text = contentOf(io, path);
  if (text === undefined || optionsIn(text)) return;
  throw new UserError(
    `${path} was not written by genesys-orgs: rename it, and run the command again`,
  );
}

/** Returns why jobs could not log in, as far as the registry says. */
function warningsOf({ homes, orgs }: RegistryReport, { engine }: Engine): string[] {
  const withoutGitHub = homes.filter(
    ({ repository, status }) => !repository && status !== "external",
  );
  const external = homes.filter(({ status }) => status === "external");
  const accounts = new Map(homes.map(({ name, account }) => [name, account]));
  const elsewhere = deployable({ orgs }).filter(
    ({ aws, stateHome }) => aws.planRole === undefined && aws.account !== accounts.get(stateHome),
  );
  const byToken = orgs.filter(({ vault }) => vault?.auth.method === "token");
  return [
    ...(engine === "github" ? withoutGitHub : []).map(
      ({ name }) => `home ${name} has no github in the registry: AWS refuses these jobs`,
    ),
    ...external.map(
      ({ name }) =>
        `home ${name} is an S3-compatible store, for which no stack creates roles: jobs cannot log in to AWS until you create the roles that they name`,
    ),
    ...elsewhere.map(
      ({ name, aws, stateHome }) =>
        `${name} is in account ${aws.account}, and the roles of its jobs are in that of home ${stateHome}: set aws.deployRole and aws.planRole, which these roles assume`,
    ),
    ...(byToken.length > 0
      ? [
          `jobs have no token for Vault, which vault.auth.method "token" needs (${byToken.map(({ name }) => name).join(", ")}): set "jwt"`,
        ]
      : []),
  ];
}

function filesOf(
  io: Io,
  { engine, files }: Engine,
  report: RegistryReport,
  given: Partial<PipelineSettings>,
): ReadonlyMap<string, string> {
  // The names of the files do not depend on settings.
  const names = files(report, { ...DEFAULTS, repository: "" }, "").keys();
  const kept = [...names]
    .map((path) => optionsIn(contentOf(io, path) ?? ""))
    .find((found) => found !== undefined);
  const chosen = { ...kept, ...given } as Record<string, string | number>;
  const settings: PipelineSettings = {
    ...DEFAULTS,
    ...chosen,
    parallel: Number(chosen.parallel ?? DEFAULTS.parallel),
    repository: engine === "github" ? repositoryOf(report, chosen.repository) : "",
  };
  const shown = Object.entries(settings).filter(([, value]) => value !== "");
  const heading = headingOf(
    engine,
    Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
  );
  return files(report, settings, heading);
}

/** Returns the repository that is chosen, or that of the state homes, whose roles trust no other. */
function repositoryOf({ homes }: RegistryReport, chosen: string | number | undefined): string {
  const names = [...new Set(homes.flatMap(({ repository }) => repository ?? []))];
  const name = chosen === undefined && names.length === 1 ? names[0] : chosen;
  if (name !== undefined && (names.length === 0 || names.includes(`${name}`))) return `${name}`;
  if (name !== undefined) {
    throw new UserError(
      `--repository ${name} is not that of the state homes (${names.join(", ")}), and AWS trusts no other: correct one of the two`,
    );
  }
  throw new UserError(
    names.length === 0
      ? "no state home of the registry has github.repository: name it with --repository"
      : `the state homes have the repositories ${names.join(", ")}: choose one with --repository`,
  );
}

function contentOf(io: Io, path: string): string | undefined {
  const file = join(io.cwd, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
