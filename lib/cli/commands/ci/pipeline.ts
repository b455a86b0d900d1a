import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { githubFiles } from "../../../ci/github";
import { gitlabFiles } from "../../../ci/gitlab";
import { headingOf, optionsIn } from "../../../ci/heading";
import { DEFAULTS, type PipelineFiles, type PipelineSettings } from "../../../ci/pipeline";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { RegistryReport } from "../../../registry/report";
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
  });

/** `genesys-orgs ci gitlab`. */
export const gitlabCommand = (io: Io): Command =>
  pipelineCommand(io, {
    engine: "gitlab",
    product: "GitLab",
    files: gitlabFiles,
    help: `Writes .gitlab/genesys-orgs.yml, which .gitlab-ci.yml includes. docs/pipelines.md says what its jobs may
do, and what to set in GitLab.`,
  });

/** An engine for which a pipeline can be written. */
interface Engine {
  readonly engine: string;
  readonly product: string;
  /** Returns the files by their paths in the project. */
  readonly files: PipelineFiles;
  readonly help: string;
}

type PipelineOptions = Partial<PipelineSettings> & { readonly check?: boolean };

function pipelineCommand(io: Io, engine: Engine): Command {
  const command = new Command(engine.engine)
    .summary(`write the pipeline for ${engine.product}`)
    .description(`Write the pipeline for ${engine.product} from the registry`)
    .option("--branch <name>", `branch that is deployed (default: "${DEFAULTS.branch}")`)
    .option("--command <command>", `how jobs run genesys-orgs (default: "${DEFAULTS.command}")`)
    .option("--node <version>", `version of Node.js (default: "${DEFAULTS.node}")`)
    .option("--terraform <version>", `version of Terraform (default: "${DEFAULTS.terraform}")`)
    .option(
      "--parallel <number>",
      `organisations at the same time (default: ${DEFAULTS.parallel})`,
      wholeNumber,
    )
    .option("--check", "change nothing; exit with 1 if a file is not as it would be written");
  if (engine.engine === "github") {
    command.option("--repository <name>", "repository (default: that of the state homes)");
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
  const report = await listOrgs(io);
  const files = filesOf(io, engine, report, given);
  const stale = [...files].filter(([path, text]) => contentOf(io, path) !== text);
  if (check) {
    for (const [path] of stale) {
      const why = contentOf(io, path) === undefined ? "does not exist" : "is out of date";
      io.stderr.write(`${path} ${why}\n`);
    }
    if (stale.length > 0) {
      io.stderr.write(`write them with \`genesys-orgs ci ${engine.engine}\`\n`);
      throw new ReportedFailure();
    }
    io.stdout.write(`${counted(files.size, "file")} up to date\n`);
    return;
  }
  for (const [path, text] of stale) {
    const file = join(io.cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, text);
    io.stdout.write(`wrote ${path}\n`);
  }
  if (stale.length === 0) io.stdout.write(`${counted(files.size, "file")} up to date\n`);
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
    repository: String(chosen.repository ?? (engine === "github" ? repositoryOf(report) : "")),
  };
  const shown = Object.entries(settings).filter(([, value]) => value !== "");
  const heading = headingOf(
    engine,
    Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
  );
  return files(report, settings, heading);
}

/** Returns the repository of the state homes. */
function repositoryOf({ homes }: RegistryReport): string {
  const names = [...new Set(homes.flatMap(({ repository }) => repository ?? []))];
  const [name] = names;
  if (names.length === 1 && name !== undefined) return name;
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
