import { isNoticed, type Replacement, withStatements } from "../support/policies/replaced";
import { partsOf, type Statement } from "../support/policies/statement-parts";
import type { World } from "../support/policies/world";
import { cases } from "./policies";

/** Each statement, taken away. */
const deletionsIn = (world: World): Replacement[] =>
  withStatements(world, (statement) => [{ what: statement.Sid, instead: [] }]);

/** Each statement, with one condition less, or one entry of a list. */
const partsIn = (world: World): Replacement[] =>
  withStatements(world, (statement, policy) =>
    partsOf(statement)
      .filter(({ field, entry }) => !isConvenience(policy, statement, field, entry))
      .map(({ field, entry, without }) => ({
        what: `${statement.Sid}: ${field} ${entry}`,
        instead: [without],
      })),
  );

// What looks after a key, and what whoever runs a home may do with it, is no wall. Of the others,
// `DescribeKey` is among the former.
const isConvenience = (policy: string, { Sid }: Statement, field: string, entry: string) =>
  policy.startsWith("key of") &&
  field === "Action" &&
  (["Administer", "StateAdmins"].includes(Sid) || entry === "kms:DescribeKey");

// Otherwise the table, and the evaluator, would only agree with whoever wrote both.
describe.each(cases())("$name: the table notices", (each) => {
  test.each(deletionsIn(each.world))("without $policy: $what", async (replacement) => {
    expect(await isNoticed(each, replacement)).toBe(true);
  });

  test("every condition, and every entry of a list, that goes", async () => {
    const unnoticed: string[] = [];
    for (const replacement of partsIn(each.world)) {
      if (await isNoticed(each, replacement)) continue;
      unnoticed.push(`${replacement.policy}: ${replacement.what}`);
    }
    expect(unnoticed).toEqual([]);
  }, 600_000);
});
