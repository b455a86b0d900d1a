import { checkEntry } from "./checks/check-entry";
import type { CheckedHome, CheckedOrg } from "./checks/checked";
import { consumerCollisions, homeCollisions, orgCollisions } from "./checks/collisions";
import { unknownConsumers } from "./checks/consumers";
import { checkHome } from "./checks/home";
import { checkOrg, checkOrgInHome } from "./checks/org";
import { type ReadEntry, readEntries } from "./checks/read-entries";
import { checkRecord, type HomeByOrg, placeOf } from "./checks/record";
import { deriveHome, deriveOrg } from "./derive-org";
import { consumerSchema, orgSchema, stateHomeSchema, stateRecordSchema } from "./entry-schemas";
import type { ConsumerEntry, Home, Org, OrgEntry, StateHomeEntry, StateRecord } from "./model";
import { isForRehearsal, withPlaceholders } from "./placeholder-keys";
import { listAt, textAt, valueAt } from "./raw-value";
import { namesText, problemAbout, type RegistryProblem } from "./registry-error";
import { KEBAB } from "./schema-parts";

/** A registry with everything that follows from its entries. */
export interface DerivedRegistry {
  /** All mistakes; homes and orgs are complete only without any. */
  readonly problems: readonly RegistryProblem[];
  readonly homes: readonly Home[];
  readonly orgs: readonly Org[];
  readonly consumers: readonly ConsumerEntry[];
}

/**
 * Checks each entry by itself, derives homes and orgs from the entries without mistakes, and checks
 * these against each other. A collision that a wrong entry hides is found when that entry is
 * corrected.
 *
 * @param sources the file of each org, where there are files
 * @param incomplete whether a file could not be read, so that its entries are missing
 */
export function deriveRegistry(
  entries: unknown,
  sources: readonly string[],
  incomplete: boolean,
): DerivedRegistry {
  const homeEntries: ReadEntry<StateHomeEntry>[] = readEntries(
    stateHomeSchema,
    listAt(entries, "homes"),
    { list: "homes", kind: "home ", sources: [] },
  );
  const orgEntries: ReadEntry<OrgEntry>[] = readEntries(orgSchema, listAt(entries, "orgs"), {
    list: "orgs",
    kind: "",
    sources,
  });
  const consumerEntries: ReadEntry<ConsumerEntry>[] = readEntries(
    consumerSchema,
    listAt(entries, "consumers"),
    { list: "consumers", kind: "consumer ", sources: [] },
  );
  const consumers = consumerEntries.flatMap(({ entry }) => entry ?? []);
  const rawRecord = valueAt(entries, "record");
  const recordProblems =
    rawRecord === undefined ? [] : checkEntry(stateRecordSchema, rawRecord, "record");
  const record = withKeys(
    recordProblems.length === 0 ? (rawRecord as StateRecord | undefined) : undefined,
    homeEntries,
    orgEntries,
  );
  const homes = homeEntries.flatMap(({ subject, entry }): CheckedHome[] =>
    entry ? [{ subject, home: deriveHome(entry, record) }] : [],
  );
  const homeOf = firstByName(homes.map(({ home }) => [home.name, home]));
  const orgs = orgEntries.flatMap(({ subject, entry }): CheckedOrg[] => {
    if (!entry) return [];
    const home = homeOf.get(entry.state.home) ?? standInHome(entry);
    return [{ subject, entry, org: deriveOrg(entry, home, record, consumers) }];
  });
  const places = firstByName(homeEntries.map(({ raw }) => [textAt(raw, "name"), placeOf(raw)]));
  const complete = !incomplete && Array.isArray(valueAt(entries, "orgs"));
  return {
    homes: homes.map(({ home }) => home),
    orgs: orgs.map(({ org }) => org),
    consumers,
    problems: [
      ...(incomplete ? [] : listProblems(entries, homeEntries.length, orgEntries.length)),
      ...homeEntries.flatMap(({ problems }) => problems),
      ...consumerListProblem(entries),
      ...consumerEntries.flatMap(({ problems }) => problems),
      ...orgEntries.flatMap((org) => [...org.problems, ...unknownHome(org, places)]),
      ...recordProblems,
      ...homes.flatMap((home) => [...checkHome(home)]),
      ...orgs.flatMap((org) => [
        ...(homeOf.has(org.entry.state.home) ? checkOrgInHome(org) : []),
        ...checkOrg(org),
        // The names of consumers with mistakes are names all the same.
        ...unknownConsumers(org, namesIn(consumerEntries)),
      ]),
      ...checkRecord(rawRecord, places, complete ? homeByOrg(orgEntries) : undefined),
      ...consumerCollisions(consumerEntries),
      ...homeCollisions(homes),
      ...orgCollisions(orgs),
    ],
  };
}

/**
 * Stands for a home that is missing or has mistakes, so that its orgs are checked all the same. Orgs
 * of one such home share it.
 */
const standInHome = ({ state: { home }, aws: { account, region } }: OrgEntry): Home =>
  deriveHome({ name: home, bucket: home.replaceAll("/", "-"), account, region, stateAdmins: [] });

/** The record; for a rehearsal, with keys for all that have none. */
function withKeys(
  record: StateRecord | undefined,
  homes: readonly ReadEntry<StateHomeEntry>[],
  orgs: readonly ReadEntry<OrgEntry>[],
): StateRecord | undefined {
  if (!isForRehearsal(process.env)) return record;
  const right = <Entry>(all: readonly ReadEntry<Entry>[]) =>
    all.flatMap(({ entry }) => entry ?? []);
  return withPlaceholders(record, right(homes), right(orgs));
}

/** Values by name; of two with one name, the first counts. */
function firstByName<Value>(
  named: readonly (readonly [string | undefined, Value])[],
): ReadonlyMap<string, Value> {
  const first = new Map<string, Value>();
  for (const [name, value] of named) {
    if (name !== undefined && !first.has(name)) first.set(name, value);
  }
  return first;
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

function* consumerListProblem(entries: unknown): Generator<RegistryProblem> {
  const value = valueAt(entries, "consumers");
  if (value === undefined || Array.isArray(value)) return;
  yield problemAbout("registry", ["consumers"], value, "type", "give a list of consumers");
}

const namesIn = (entries: readonly ReadEntry<unknown>[]): string[] =>
  entries.flatMap(({ raw }) => textAt(raw, "name") ?? []);

function* unknownHome(
  { subject, raw }: ReadEntry<OrgEntry>,
  homes: ReadonlyMap<string, unknown>,
): Generator<RegistryProblem> {
  const home = textAt(raw, "state", "home");
  // A registry without homes has a problem of its own.
  if (home === undefined || homes.size === 0 || homes.has(home)) return;
  const expected = `use one of ${namesText(homes.keys())}`;
  yield problemAbout(subject, ["state", "home"], home, "state-home", expected);
}

/** Undefined when an entry has no valid name of its own: it could be the org that seems to have left. */
function homeByOrg(orgs: readonly ReadEntry<OrgEntry>[]): HomeByOrg | undefined {
  const named = new Map(
    orgs.map(({ raw }) => [textAt(raw, "name") ?? "", textAt(raw, "state", "home")]),
  );
  const all = named.size === orgs.length && [...named.keys()].every((name) => KEBAB.test(name));
  return all ? named : undefined;
}
