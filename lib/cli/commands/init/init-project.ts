import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../../../errors";
import { orgSchema } from "../../../registry/entry-schemas";
import type { Environment } from "../../../registry/model";
import { recordText } from "../../../registry/record-outputs";
import { RECORD_FILE } from "../../project/home-record";
import { ownManifest } from "../../project/own-manifest";
import type { Example, Files, LanguageFiles } from "./language-files";
import { typescriptFiles } from "./typescript-files";
import { yamlFiles } from "./yaml-files";

/** A project to write. */
export interface InitProps {
  /** Folder of the project, relative to that of the command. */
  readonly folder: string;
  readonly language: keyof typeof LANGUAGES;
  /** Name of the organisation. */
  readonly org: string;
  /** Whether nothing is written. @default false */
  readonly dryRun?: boolean;
}

/** A project that was written. */
export interface InitiatedProject {
  /** Absolute path. */
  readonly folder: string;
  /** Paths of its files, in the folder. */
  readonly files: readonly string[];
  /** Those of them whose values the user must replace. */
  readonly examples: readonly string[];
  /** Name of the state home. */
  readonly home: string;
  readonly dryRun: boolean;
}

const LANGUAGES = { typescript: typescriptFiles, yaml: yamlFiles };
/** The packages that an app imports, besides this one. Their versions are those of this package's tests. */
const PACKAGES = ["@cdktf/provider-aws", "@cdktf/provider-vault", "cdktf", "constructs"];
/** The packages of `genesys-orgs check`, which every project's pipeline runs. */
const CHECK_PACKAGES = ["@secretlint/core", "@secretlint/secretlint-rule-preset-recommend"];

/**
 * Writes a project with one organisation.
 *
 * @param cwd folder of the command
 * @throws UserError if a file of the project exists already; then nothing was written
 */
export function initProject(
  cwd: string,
  { folder, language, org, dryRun = false }: InitProps,
): InitiatedProject {
  const target = resolve(cwd, folder);
  const example = exampleOf(org);
  const { examples, ...rest } = LANGUAGES[language](example);
  const all = { ...commonFiles(basename(target), rest), ...rest.code, ...examples };
  const files = Object.keys(all).sort();
  const existing = files.filter((file) => existsSync(join(target, file)));
  if (existing.length > 0) {
    throw new UserError(
      `${target} already has ${existing.join(", ")}: choose another folder, or add the library to this project as docs/library.md, "Install" says`,
    );
  }
  if (!dryRun) write(target, all);
  return { folder: target, files, examples: Object.keys(examples), home: example.home, dryRun };
}

function write(folder: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    // Another process may have written it since the check.
    writeFileSync(path, text, { flag: "wx" });
  }
}

/** Files in orgs/ that are not one organisation. */
const OTHER_FILES: readonly string[] = ["homes", "index", "state-homes"];

const ENVIRONMENTS: readonly (readonly [RegExp, Environment])[] = [
  [/(^|-)dev/, "development"],
  [/(^|-)(stag|test|uat)/, "staging"],
  [/(^|-)sandbox/, "sandbox"],
];

/** @throws UserError if the registry would refuse the name */
function exampleOf(org: string): Example {
  const checked = orgSchema.shape.name.safeParse(org);
  if (!checked.success) {
    const [, allowed] = checked.error.issues.map(({ message }) => message)[0]?.split("|") ?? [];
    throw new UserError(`--org is "${org}": ${allowed}`);
  }
  if (OTHER_FILES.includes(org)) {
    throw new UserError(`--org is "${org}": choose another name, since orgs/ has a file ${org}`);
  }
  const [, environment = "production"] = ENVIRONMENTS.find(([name]) => name.test(org)) ?? [];
  return { org, environment, home: environment === "production" ? "production" : "nonproduction" };
}

function commonFiles(
  folder: string,
  { app, developmentPackages, ignored }: Omit<LanguageFiles, "examples">,
): Files {
  const own = ownManifest();
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, own.devDependencies[name]]));
  const name = packageName(folder);
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "package.json": json({
      name,
      private: true,
      type: "commonjs",
      scripts: { rehearse: "genesys-orgs rehearse" },
      dependencies: { ...versions(PACKAGES), [own.name]: `^${own.version}` },
      devDependencies: versions([...CHECK_PACKAGES, ...developmentPackages]),
    }),
    // cdktf has no language without code.
    "cdktf.json": json({
      language: "typescript",
      app,
      projectId: name,
      sendCrashReports: "false",
    }),
    ".gitignore": `${["node_modules/", "cdktf.out*/", "*.tfstate*", "*.log", ...ignored].join("\n")}\n`,
    [RECORD_FILE]: recordText({ version: 1, homes: {} }),
  };
}

/** Returns a name for npm, which accepts fewer characters than file systems. */
const packageName = (folder: string): string =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 200) || "genesys-orgs-project";
