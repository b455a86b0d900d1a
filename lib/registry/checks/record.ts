import { partitionOf } from "../names";
import { fieldsAt, textAt } from "../raw-value";
import { oneLine, problemAbout, type RegistryProblem } from "../registry-error";
import { type HomeDrafts, namesOf } from "./org";

/** Home of each org by the org's name, as the registry has them. */
export type OrgDrafts = ReadonlyMap<string, string | undefined>;

/**
 * The record against the homes and the orgs.
 *
 * @param orgs undefined when they are not all known: nobody can be missing then
 */
export function* checkRecord(
  record: unknown,
  homes: HomeDrafts,
  orgs?: OrgDrafts,
): Generator<RegistryProblem> {
  yield* sharedKeyProblems(record);
  for (const [name, recorded] of fieldsAt(record, "homes")) {
    const home = homes.get(name);
    if (homes.has(name)) {
      yield* placeProblems(name, recorded, home);
      yield* keyProblems(name, recorded, home);
      if (orgs) yield* orgProblems(name, recorded, homes, orgs);
    } else if (homes.size > 0) {
      yield {
        ...problemAt(
          [name],
          undefined,
          "record-home",
          `the registry's homes are ${namesOf(homes)}`,
        ),
        value: "not a home of the registry",
      };
    }
  }
}

const problemAt = (
  path: readonly string[],
  value: unknown,
  rule: string,
  expected: string,
): RegistryProblem => problemAbout("record", ["homes", ...path], value, rule, expected);

function* placeProblems(name: string, recorded: unknown, home: unknown) {
  for (const field of ["account", "region", "bucket"] as const) {
    const [has, wants] = [textAt(recorded, field), textAt(home, field)];
    if (has === undefined || wants === undefined || has === wants) continue;
    const expected = `home ${oneLine(name)} has ${oneLine(wants)}: correct the record`;
    yield problemAt([name, field], has, `record-${field}`, expected);
  }
}

function* keyProblems(name: string, recorded: unknown, home: unknown) {
  const [account, region] = [textAt(home, "account"), textAt(home, "region")];
  // When the whole record is of another place, that is enough to say.
  if (textAt(recorded, "account") !== account || textAt(recorded, "region") !== region) return;
  const orgs = fieldsAt(recorded, "orgs").map(([org]) => ["orgs", org]);
  for (const owner of [[], ...orgs]) {
    const arn = textAt(recorded, ...owner, "kmsKeyArn");
    const [, partition, keyRegion, keyAccount] =
      /^arn:([^:]*):kms:([^:]*):(\d{12}):/.exec(arn ?? "") ?? [];
    if (!keyAccount || !account || !region) continue;
    const here = keyAccount === account && keyRegion === region;
    if (here && partition === partitionOf(region)) continue;
    const expected = `give a key in account ${oneLine(account)} and region ${oneLine(region)}, as home ${oneLine(name)} is`;
    yield problemAt([name, ...owner, "kmsKeyArn"], arn, "record-kms-home", expected);
  }
}

/** A home's own key is no org's, and no other home's. Keys of orgs are compared with the orgs. */
function* sharedKeyProblems(record: unknown): Generator<RegistryProblem> {
  const homes = fieldsAt(record, "homes");
  const ownKeys = new Map<string, string>();
  for (const [home, recorded] of homes) {
    const arn = textAt(recorded, "kmsKeyArn");
    if (arn === undefined) continue;
    const other = ownKeys.get(arn);
    if (other === undefined) ownKeys.set(arn, home);
    else yield shared([home, "kmsKeyArn"], arn, other);
  }
  for (const [home, recorded] of homes) {
    for (const [org] of fieldsAt(recorded, "orgs")) {
      const arn = textAt(recorded, "orgs", org, "kmsKeyArn") ?? "";
      const owner = ownKeys.get(arn);
      if (owner !== undefined) yield shared([home, "orgs", org, "kmsKeyArn"], arn, owner);
    }
  }
}

function shared(path: readonly string[], arn: string, home: string): RegistryProblem {
  const expected = `it is home ${oneLine(home)}'s own key: every home and every org has a key of its own`;
  return problemAt(path, arn, "record-kms-shared", expected);
}

/** Orgs that have a key and a state in the home, and are not in the registry, or in another home. */
function* orgProblems(name: string, recorded: unknown, homes: HomeDrafts, orgs: OrgDrafts) {
  for (const [org] of fieldsAt(recorded, "orgs")) {
    const now = orgs.get(org);
    const path = [name, "orgs", org];
    if (!orgs.has(org)) {
      const expected =
        "put its entry back, with retired: true: its state, its key and its roles are still there";
      yield {
        ...problemAt(path, undefined, "record-org-left", expected),
        value: "no longer in the registry",
      };
    } else if (now !== undefined && now !== name && homes.has(now)) {
      const expected = `its state and its key are still in ${oneLine(name)}: set state.home back, or move both and this entry with them`;
      yield {
        ...problemAt(path, undefined, "record-org-moved", expected),
        value: `in home ${oneLine(now)} by the registry`,
      };
    }
  }
}
