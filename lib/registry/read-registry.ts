import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fieldsAt, listAt, valueAt } from "./raw-value";
import { readDataFile } from "./read-data-file";
import { pathText, printable, type RegistryProblem } from "./registry-error";

/** Name of the committed record, in the folder of the registry. */
export const RECORD_FILE = "state-homes.json";

const DATA = new Set([".yaml", ".yml", ".json"]);

/** A registry as its files have it, not yet checked. */
export interface RegistryFiles {
  readonly entries: {
    readonly homes: readonly unknown[];
    readonly orgs: readonly unknown[];
    readonly record?: unknown;
  };
  /** Files that could not be read, or that have another form. */
  readonly problems: readonly RegistryProblem[];
  /** The file of each org. */
  readonly sources: readonly string[];
}

/** Reads a file's data. Returns undefined, and notes a problem, when it cannot be read. */
type Read = (file: string) => { readonly value: unknown } | undefined;

/** Reads a folder with one file per org, or a single file with `homes` and `orgs`. */
export function readRegistry(path: string): RegistryFiles {
  const problems: RegistryProblem[] = [];
  const read: Read = (file) => {
    const result = readDataFile(file);
    if ("problem" in result) problems.push(result.problem);
    return "problem" in result ? undefined : result;
  };
  if (!existsSync(path)) {
    const expected = "create the folder or the file, or correct the path";
    problems.push({ subject: path, path: "", rule: "file", expected });
    return { problems, sources: [], entries: { homes: [], orgs: [] } };
  }
  return statSync(path).isDirectory()
    ? readFolder(path, read, problems)
    : readSingle(path, read, problems);
}

function readSingle(path: string, read: Read, problems: RegistryProblem[]): RegistryFiles {
  const single = read(path);
  const record = readRecord(dirname(path), read);
  if (single) problems.push(...singleProblems(basename(path), single.value));
  const entries = { homes: listAt(single?.value, "homes"), orgs: listAt(single?.value, "orgs") };
  return { problems, sources: [], entries: { ...entries, record } };
}

function* singleProblems(file: string, value: unknown): Generator<RegistryProblem> {
  for (const key of ["homes", "orgs"]) {
    const list = valueAt(value, key);
    if (!Array.isArray(list)) yield notAList(file, key, list, `give a list of ${key}`);
  }
  for (const [key] of fieldsAt(value)) {
    if (key === "homes" || key === "orgs") continue;
    const expected = `use homes and orgs; the record is the file ${RECORD_FILE} next to this one`;
    const path = pathText([key]);
    yield { subject: file, path, value: "not a known key", rule: "unknown-key", expected };
  }
}

function readFolder(folder: string, read: Read, problems: RegistryProblem[]): RegistryFiles {
  const names = readdirSync(folder)
    .filter((name) => DATA.has(extname(name)) && name !== RECORD_FILE)
    .sort();
  const [homesFiles, orgFiles] = [true, false].map((wanted) =>
    names.filter((name) => (basename(name, extname(name)) === "homes") === wanted),
  ) as [string[], string[]];
  const homes = readHomes(folder, homesFiles, read, problems);
  const orgs = orgFiles.flatMap((name) => {
    const entry = read(join(folder, name));
    return entry ? [{ name, value: entry.value }] : [];
  });
  return {
    problems,
    sources: orgs.map(({ name }) => name),
    entries: { homes, orgs: orgs.map(({ value }) => value), record: readRecord(folder, read) },
  };
}

function readHomes(
  folder: string,
  [file, ...further]: readonly string[],
  read: Read,
  problems: RegistryProblem[],
): readonly unknown[] {
  if (file === undefined) {
    const expected = "create it with the list of state homes";
    problems.push({ subject: join(folder, "homes.yaml"), path: "", rule: "file", expected });
    return [];
  }
  for (const other of further) {
    const expected = "keep one of the two";
    problems.push({
      subject: other,
      path: "",
      value: `a second file of homes next to ${file}`,
      rule: "file",
      expected,
    });
  }
  const homes = read(join(folder, file));
  if (homes && !Array.isArray(homes.value))
    problems.push(notAList(file, "", homes.value, "give a list of homes"));
  return listAt(homes?.value);
}

function readRecord(folder: string, read: Read): unknown {
  const file = join(folder, RECORD_FILE);
  return existsSync(file) ? read(file)?.value : undefined;
}

const notAList = (
  subject: string,
  key: string,
  value: unknown,
  expected: string,
): RegistryProblem => ({ subject, path: key, value: printable(value, []), rule: "file", expected });
