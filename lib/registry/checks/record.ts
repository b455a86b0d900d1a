import type { StateHomeEntry } from "../model";
import { partitionOf } from "../names";
import { fieldsAt, textAt } from "../raw-value";
import { namesText, oneLine, problemAbout, type RegistryProblem } from "../registry-error";
import { clashes } from "./claims";

/** The fields of a home that the record repeats; not all of them, where the home's entry is wrong. */
export type HomePlace = Partial<Pick<StateHomeEntry, "account" | "region" | "bucket">>;

/** The place of a home, by its entry or by a record. */
export const placeOf = (home: unknown): HomePlace => ({
  account: textAt(home, "account"),
  region: textAt(home, "region"),
  bucket: textAt(home, "bucket"),
});

/** Home of each org by the org's name, as the registry has them. */
export type HomeByOrg = ReadonlyMap<string, string | undefined>;

/**
 * Compares the record with the homes and the orgs.
 *
 * @param orgs undefined when not all of them are known, so that none can be missing
 */
export function* checkRecord(
  record: unknown,
  homes: ReadonlyMap<string, HomePlace>,
  orgs?: HomeByOrg,
): Generator<RegistryProblem> {
  yield* sharedKeyProblems(record);
  for (const [name, recorded] of fieldsAt(record, "homes")) {
    const home = homes.get(name);
    if (home) {
      yield* placeProblems(name, recorded, home);
      yield* keyProblems(name, recorded, home);
      if (orgs) yield* orgProblems(name, recorded, homes, orgs);
    } else if (homes.size > 0) {
      const expected = `use one of ${namesText(homes.keys())}`;
      const value = "not a home of the registry";
      yield { ...problemAt([name], undefined, "record-home", expected), value };
    }
  }
  yield* keysOfTwoOrgs(record);
}

const problemAt = (
  path: readonly string[],
  value: unknown,
  rule: string,
  expected: string,
): RegistryProblem => problemAbout("record", ["homes", ...path], value, rule, expected);

function* placeProblems(name: string, recorded: unknown, home: HomePlace) {
  for (const field of ["account", "region", "bucket"] as const) {
    const [has, wants] = [textAt(recorded, field), home[field]];
    if (has === undefined || wants === undefined || has === wants) continue;
    const expected = `correct the record; home ${oneLine(name)} has ${oneLine(wants)}`;
    yield problemAt([name, field], has, `record-${field}`, expected);
  }
}

function* keyProblems(name: string, recorded: unknown, { account, region }: HomePlace) {
  // Where account or region differ, that is reported already.
  if (textAt(recorded, "account") !== account || textAt(recorded, "region") !== region) return;
  const orgs = fieldsAt(recorded, "orgs").map(([org]) => ["orgs", org]);
  for (const owner of [[], ...orgs]) {
    const arn = textAt(recorded, ...owner, "kmsKeyArn");
    const [, partition, keyRegion, keyAccount] =
      /^arn:([^:]*):kms:([^:]*):(\d{12}):/.exec(arn ?? "") ?? [];
    if (!keyAccount || !account || !region) continue;
    const here = keyAccount === account && keyRegion === region;
    if (here && partition === partitionOf(region)) continue;
    const expected = `give a key in account ${oneLine(account)} and region ${oneLine(region)}, like home ${oneLine(name)}`;
    yield problemAt([name, ...owner, "kmsKeyArn"], arn, "record-kms-home", expected);
  }
}

/** Reports a home's own key that an org or another home has as well. */
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
  const expected = `correct the record; this is home ${oneLine(home)}'s own key, and each home and each org has its own`;
  return problemAt(path, arn, "record-kms-shared", expected);
}

/** Reports a key that two orgs have. */
function keysOfTwoOrgs(record: unknown): RegistryProblem[] {
  const claims = fieldsAt(record, "homes").flatMap(([, recorded]) =>
    fieldsAt(recorded, "orgs").flatMap(([org, access]) => {
      const value = textAt(access, "kmsKeyArn");
      return value === undefined ? [] : { subject: oneLine(org), path: "recorded KMS key", value };
    }),
  );
  const expected = "correct the record, because each org has its own key";
  return clashes("kms-key-shared", expected, claims);
}

/** Reports orgs with a key and a state in the home that are not in the registry, or in another home. */
function* orgProblems(
  name: string,
  recorded: unknown,
  homes: ReadonlyMap<string, HomePlace>,
  orgs: HomeByOrg,
) {
  for (const [org] of fieldsAt(recorded, "orgs")) {
    const now = orgs.get(org);
    const path = [name, "orgs", org];
    if (!orgs.has(org)) {
      const expected =
        "put its entry back, with retired: true, because its state, its key and its roles still exist";
      const value = "no longer in the registry";
      yield { ...problemAt(path, undefined, "record-org-left", expected), value };
    } else if (now !== undefined && now !== name && homes.has(now)) {
      const expected = `set state.home back to ${oneLine(name)}, or move state, key and record to ${oneLine(now)}`;
      const value = `in home ${oneLine(now)} in the registry`;
      yield { ...problemAt(path, undefined, "record-org-moved", expected), value };
    }
  }
}
