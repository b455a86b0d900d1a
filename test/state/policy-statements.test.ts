import type { Document } from "../support/policies/evaluate";
import { concerns, verdict } from "../support/policies/rows";
import type { World } from "../support/policies/world";
import { type Case, cases } from "./policies";

/** A world in which one policy has one statement less. */
interface Deletion {
  readonly what: string;
  readonly policy: string;
  readonly world: World;
}

const deletionsIn = (world: World): Deletion[] =>
  [...world.documents].flatMap(([policy, { Statement }]) =>
    Statement.map((statement, index) => {
      const without = { Statement: [...Statement].toSpliced(index, 1) };
      const documents = new Map(world.documents).set(policy, without);
      const { Sid } = statement as { Sid: string };
      return { what: `${policy}: ${Sid}`, policy, world: { ...world, documents } };
    }),
  );

/** Whether some row of the table turns out another way. */
async function isNoticed({ rows }: Case, { world, policy }: Deletion): Promise<boolean> {
  const document = world.documents.get(policy) as Document;
  for (const row of rows(world).filter((each) => concerns(each, policy, document))) {
    if ((await verdict(row, world)) !== row.allowed) return true;
  }
  return false;
}

// Otherwise the table, and the evaluator, would only agree with whoever wrote both.
describe.each(cases())("$name: the table notices when this statement goes", (each) => {
  test.each(deletionsIn(each.world))("$what", async (without) => {
    expect(await isNoticed(each, without)).toBe(true);
  });
});
