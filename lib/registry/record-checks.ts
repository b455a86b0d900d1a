import { type HomeDrafts, namesOf } from "./cross-checks";
import { fieldsAt, textAt } from "./draft";
import { oneLine, problemAbout, type RegistryProblem } from "./registry-error";

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
  for (const [name, recorded] of fieldsAt(record, "homes")) {
    const home = homes.get(name);
    if (homes.has(name)) {
      yield* placeProblems(name, recorded, home);
      yield* keyProblems(name, recorded, home);
      yield* homeKeyProblems(name, recorded);
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
    const [, keyRegion, keyAccount] = /^arn:[^:]*:kms:([^:]*):(\d{12}):/.exec(arn ?? "") ?? [];
    if (!keyAccount || !account || !region) continue;
    if (keyAccount === account && keyRegion === region) continue;
    const expected = `give a key in account ${oneLine(account)} and region ${oneLine(region)}, as home ${oneLine(name)} is`;
    yield problemAt([name, ...owner, "kmsKeyArn"], arn, "record-kms-home", expected);
  }
}

function* homeKeyProblems(name: string, recorded: unknown) {
  const own = textAt(recorded, "kmsKeyArn");
  for (const [org] of fieldsAt(recorded, "orgs")) {
    const arn = textAt(recorded, "orgs", org, "kmsKeyArn");
    if (arn === undefined || arn !== own) continue;
    const expected = `it is home ${oneLine(name)}'s own key: each org's state has a key of its own`;
    yield problemAt([name, "orgs", org, "kmsKeyArn"], arn, "record-kms-shared", expected);
  }
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
