import { type HomeDrafts, namesOf } from "./cross-checks";
import { fieldsAt, textAt } from "./draft";
import { oneLine, problemAbout, type RegistryProblem } from "./registry-error";

/** The record against the homes. */
export function* checkRecord(record: unknown, homes: HomeDrafts): Generator<RegistryProblem> {
  for (const [name, recorded] of fieldsAt(record, "homes")) {
    const problem = (
      rule: string,
      path: readonly PropertyKey[],
      value: unknown,
      expected: string,
    ) => problemAbout("record", ["homes", name, ...path], value, rule, expected);
    if (!homes.has(name)) {
      if (homes.size === 0) continue;
      yield {
        ...problem("record-home", [], undefined, `the registry's homes are ${namesOf(homes)}`),
        value: "not a home of the registry",
      };
      continue;
    }
    const home = homes.get(name);
    const called = oneLine(name);
    for (const field of ["account", "region", "bucket"] as const) {
      const [has, wants] = [textAt(recorded, field), textAt(home, field)];
      if (has !== undefined && wants !== undefined && has !== wants) {
        const expected = `home ${called} has ${oneLine(wants)}: correct the record`;
        yield problem(`record-${field}`, [field], has, expected);
      }
    }
    const [account, region] = [textAt(home, "account"), textAt(home, "region")];
    // When the whole record is of another place, that is enough to say.
    if (textAt(recorded, "account") !== account || textAt(recorded, "region") !== region) continue;
    for (const [org] of fieldsAt(recorded, "orgs")) {
      const arn = textAt(recorded, "orgs", org, "kmsKeyArn");
      const [, keyRegion, keyAccount] = /^arn:[^:]*:kms:([^:]*):(\d{12}):/.exec(arn ?? "") ?? [];
      if (!keyAccount || !account || !region) continue;
      if (keyAccount !== account || keyRegion !== region) {
        const expected = `give a key in account ${oneLine(account)} and region ${oneLine(region)}, as home ${called} is`;
        yield problem("record-kms-home", ["orgs", org, "kmsKeyArn"], arn, expected);
      }
    }
  }
}
