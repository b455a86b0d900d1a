import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fieldsAt, listAt, valueAt } from "./raw-value";
import { readDataFile } from "./read-data-file";
import { pathText, printable, type RegistryProblem } from "./registry-error";

/** Name of the committed record, in the folder of the registry. */
const RECORD_FILE = "state-homes.json";

const DATA = /\.(ya?ml|json)$/i;

/** Data under another ending, such as `na-prod.yaml.bak`, but not the copies that editors make. */
const ALMOST_DATA = /^(?![.#]).*\.(ya?ml|yam|ym|json\w*|toml)(\..*)?(?<!~)$/i;

/** A registry as its files have it, not yet checked. */
export interface RegistryFiles {
  readonly entries: {
    readonly homes: readonly unknown[];
    readonly orgs: readonly unknown[];
    readonly consumers?: unknown;
    readonly record?: unknown;
  };
  /** Files that could not be read, or that have another form. */
  readonly problems: readonly RegistryProblem[];
  /** The file of each org. */
  readonly sources: readonly string[];
}

/** Reads a file's data. Returns undefined, and notes a problem, when it cannot be read. */
type Read = (file: string) => { readonly value: unknown } | undefined;

/** Reads a folder with one file per org, or a single file with `homes`, `orgs` and `consumers`. */
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
  const list = valueAt(single?.value, "orgs");
  if (Array.isArray(list) && list.length === 0) {
    problems.push(noOrgs(basename(path), "add an entry to orgs for each organisation"));
  }
  const entries = {
    homes: listAt(single?.value, "homes"),
    orgs: listAt(single?.value, "orgs"),
    consumers: valueAt(single?.value, "consumers"),
  };
  return { problems, sources: [], entries: { ...entries, record } };
}

function* singleProblems(file: string, value: unknown): Generator<RegistryProblem> {
  for (const key of ["homes", "orgs"]) {
    const list = valueAt(value, key);
    if (!Array.isArray(list)) yield notAList(file, key, list, `give a list of ${key}`);
  }
  for (const [key] of fieldsAt(value)) {
    if (["homes", "orgs", "consumers"].includes(key)) continue;
    const expected = `use homes, orgs and consumers; the record is the file ${RECORD_FILE} next to this one`;
    const path = pathText([key]);
    yield { subject: file, path, value: "not a known key", rule: "unknown-key", expected };
  }
}

function readFolder(folder: string, read: Read, problems: RegistryProblem[]): RegistryFiles {
  const all = readdirSync(folder).sort();
  problems.push(...all.flatMap((name) => [...notRead(folder, name)]));
  const names = all.filter((name) => DATA.test(name) && name !== RECORD_FILE);
  const filesOf = (list: "homes" | "consumers") =>
    names.filter((name) => new RegExp(`^${list}\\.\\w+$`, "i").test(name));
  const [homesFiles, consumersFiles] = [filesOf("homes"), filesOf("consumers")];
  const orgFiles = names.filter((name) => ![...homesFiles, ...consumersFiles].includes(name));
  const homes = readList(folder, "homes", homesFiles, read, problems) ?? noHomes(folder, problems);
  const consumers = readList(folder, "consumers", consumersFiles, read, problems);
  const orgs = orgFiles.flatMap((name) => {
    const entry = read(join(folder, name));
    return entry ? [{ name, value: entry.value }] : [];
  });
  if (orgFiles.length === 0) problems.push(noOrgs(folder, "add a file for each organisation"));
  return {
    problems,
    sources: orgs.map(({ name }) => name),
    entries: {
      homes,
      orgs: orgs.map(({ value }) => value),
      consumers,
      record: readRecord(folder, read),
    },
  };
}

/** Names a file or a folder that looks like an entry, and is not read. */
function* notRead(folder: string, name: string): Generator<RegistryProblem> {
  const about = { subject: name, path: "", value: "not read", rule: "file" };
  if (DATA.test(name)) return;
  if (statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory()) {
    if (name.startsWith(".") || !readdirSync(join(folder, name)).some(isData)) return;
    yield { ...about, expected: "move its files up, since folders in the registry are not read" };
  } else if (ALMOST_DATA.test(name)) {
    yield { ...about, expected: "let its name end in .yaml, .yml or .json, or move it elsewhere" };
  }
}

const isData = (name: string) => DATA.test(name);

const noOrgs = (subject: string, expected: string): RegistryProblem => ({
  subject,
  path: "",
  value: "without any organisation",
  rule: "required",
  expected,
});

function noHomes(folder: string, problems: RegistryProblem[]): readonly unknown[] {
  const expected = "create it with the list of state homes";
  problems.push({ subject: join(folder, "homes.yaml"), path: "", rule: "file", expected });
  return [];
}

/** Reads the file of a list; undefined where there is none. */
function readList(
  folder: string,
  list: "homes" | "consumers",
  [file, ...further]: readonly string[],
  read: Read,
  problems: RegistryProblem[],
): readonly unknown[] | undefined {
  if (file === undefined) return undefined;
  for (const other of further) {
    const expected = "keep one of the two";
    problems.push({
      subject: other,
      path: "",
      value: `a second file of ${list} next to ${file}`,
      rule: "file",
      expected,
    });
  }
  const found = read(join(folder, file));
  if (found && !Array.isArray(found.value))
    problems.push(notAList(file, "", found.value, `give a list of ${list}`));
  return listAt(found?.value);
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
