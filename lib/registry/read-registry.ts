import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import type { RegistryProblem } from "./registry-error";

/** Name of the committed record, in the folder of the registry. */
export const RECORD_FILE = "state-homes.json";

const DATA = new Set([".yaml", ".yml", ".json"]);

/** A registry as its files have it: read, and not yet checked. */
export interface RegistryFiles {
  readonly entries: {
    readonly homes: readonly unknown[];
    readonly orgs: readonly unknown[];
    readonly record?: unknown;
  };
  /** Files that could not be read. */
  readonly problems: readonly RegistryProblem[];
  /** The file of each org. */
  readonly sources: readonly string[];
}

/** Reads a folder with one file per org, or a single file with `homes` and `orgs`. */
export function readRegistry(path: string): RegistryFiles {
  const problems: RegistryProblem[] = [];
  const read = (file: string): { value: unknown } | undefined => {
    const result = parse(file);
    if ("problem" in result) problems.push(result.problem);
    else return result;
    return undefined;
  };
  if (!existsSync(path)) {
    return files([missing(path)], [], [], []);
  }
  if (!statSync(path).isDirectory()) {
    const single = read(path)?.value;
    const record = recordBeside(dirname(path), read);
    const { homes, orgs } = (typeof single === "object" && single !== null ? single : {}) as Record<
      string,
      unknown
    >;
    for (const [key, list] of Object.entries({ homes, orgs })) {
      if (problems.length === 0 && !Array.isArray(list))
        problems.push(notAList(basename(path), key));
    }
    const entries = Array.isArray(orgs) ? orgs : [];
    return files(problems, Array.isArray(homes) ? homes : [], entries, [], record);
  }
  const names = readdirSync(path)
    .filter((name) => DATA.has(extname(name)) && name !== RECORD_FILE)
    .sort();
  const homesFile = names.find((name) => basename(name, extname(name)) === "homes");
  const homes = homesFile ? read(join(path, homesFile))?.value : undefined;
  if (!homesFile) problems.push(missing(join(path, "homes.yaml")));
  else if (homes !== undefined && !Array.isArray(homes)) problems.push(notAList(homesFile, ""));
  const orgFiles = names.filter((name) => name !== homesFile);
  const read_ = orgFiles.flatMap((name) => {
    const entry = read(join(path, name));
    return entry ? [{ name, entry: entry.value }] : [];
  });
  return files(
    problems,
    Array.isArray(homes) ? homes : [],
    read_.map(({ entry }) => entry),
    read_.map(({ name }) => name),
    recordBeside(path, read),
  );
}

function files(
  problems: readonly RegistryProblem[],
  homes: readonly unknown[],
  orgs: readonly unknown[],
  sources: readonly string[],
  record?: unknown,
): RegistryFiles {
  return { problems, sources, entries: { homes, orgs, record } };
}

function recordBeside(
  folder: string,
  read: (file: string) => { value: unknown } | undefined,
): unknown {
  const file = join(folder, RECORD_FILE);
  return existsSync(file) ? read(file)?.value : undefined;
}

/** JSON is YAML too, and this parser names line and column for both. */
function parse(file: string): { value: unknown } | { problem: RegistryProblem } {
  try {
    return {
      value: load(readFileSync(file, "utf8"), { schema: CORE_SCHEMA, filename: file }) ?? null,
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark;
    return {
      problem: {
        subject: basename(file),
        path: `line ${line + 1}, column ${column + 1}`,
        value: "not readable",
        rule: "syntax",
        expected: error.reason,
      },
    };
  }
}

const missing = (path: string): RegistryProblem => ({
  subject: path,
  path: "",
  value: undefined,
  rule: "file",
  expected: "create it, or correct the path",
});

const notAList = (file: string, key: string): RegistryProblem => ({
  subject: file,
  path: key,
  value: "no list",
  rule: "file",
  expected: key ? `give a list of ${key}` : "give a list of homes",
});
