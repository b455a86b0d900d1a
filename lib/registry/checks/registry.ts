import { KEBAB, orgSchema, stateHomeSchema, stateRecordSchema } from "../entry-schemas";
import { listAt, textAt, valueAt } from "../raw-value";
import { problemAbout, type RegistryProblem } from "../registry-error";
import { homeCollisions, orgCollisions, type Subject } from "./collisions";
import { checkEntry } from "./entry";
import { crossCheckHome, crossCheckOrg } from "./org";
import { checkRecord, type OrgDrafts } from "./record";

/**
 * All that is wrong with the entries of a registry.
 *
 * @param sources the file of each org, where there are files
 * @param incomplete whether a file could not be read, so that what it has is missing here
 */
export function problemsOf(
  entries: unknown,
  sources: readonly string[],
  incomplete: boolean,
): RegistryProblem[] {
  const homes = subjects(listAt(entries, "homes"), "home ", "homes", []);
  const orgs = subjects(listAt(entries, "orgs"), "", "orgs", sources);
  const record = valueAt(entries, "record");
  const byName = new Map<string, unknown>();
  for (const { entry } of homes) {
    const name = textAt(entry, "name");
    if (name !== undefined && !byName.has(name)) byName.set(name, entry);
  }
  const complete = !incomplete && Array.isArray(valueAt(entries, "orgs"));
  return [
    ...(incomplete ? [] : listProblems(entries, homes.length, orgs.length)),
    ...homes.flatMap(({ subject, entry }) => [
      ...checkEntry(stateHomeSchema, entry, subject),
      ...crossCheckHome(entry, subject),
    ]),
    ...orgs.flatMap(({ subject, entry }) => [
      ...checkEntry(orgSchema, entry, subject),
      ...crossCheckOrg(entry, subject, byName),
    ]),
    ...(record === undefined ? [] : checkEntry(stateRecordSchema, record, "record")),
    ...checkRecord(record, byName, complete ? homeByOrg(orgs) : undefined),
    ...homeCollisions(homes),
    ...orgCollisions(orgs, byName, record),
  ];
}

function* listProblems(entries: unknown, homes: number, orgs: number): Generator<RegistryProblem> {
  for (const list of ["homes", "orgs"]) {
    const value = valueAt(entries, list);
    if (Array.isArray(value)) continue;
    const rule = value === undefined ? "required" : "type";
    yield problemAbout("registry", [list], value, rule, `give a list of ${list}`);
  }
  if (Array.isArray(valueAt(entries, "homes")) && homes === 0 && orgs > 0) {
    const expected = "define at least one state home, for the states of the orgs";
    yield problemAbout("registry", ["homes"], [], "required", expected);
  }
}

/** Undefined when some entry has not its own name: whoever seems to have left may be that one. */
function homeByOrg(orgs: readonly Subject[]): OrgDrafts | undefined {
  const named = new Map(
    orgs.map(({ entry }) => [textAt(entry, "name"), textAt(entry, "state", "home")]),
  );
  const all =
    named.size === orgs.length && [...named.keys()].every((name) => KEBAB.test(name ?? ""));
  return all ? (named as OrgDrafts) : undefined;
}

/** Entries by their names, and by file or place where they have none, or one has it already. */
function subjects(
  entries: readonly unknown[],
  kind: string,
  list: string,
  sources: readonly string[],
): Subject[] {
  const count = new Map<string, number>();
  const names = entries.map((entry) => textAt(entry, "name") || undefined);
  for (const name of names) if (name) count.set(name, (count.get(name) ?? 0) + 1);
  // Not map: it skips the holes of a list.
  return Array.from(entries, (entry, index) => {
    const place = sources[index] ?? `${list}[${index}]`;
    const name = names[index];
    if (name === undefined) return { subject: place, entry };
    return { subject: kind + (count.get(name) === 1 ? name : `${name} (${place})`), entry };
  });
}
