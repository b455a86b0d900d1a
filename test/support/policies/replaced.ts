import { concerns, type Row, verdict } from "./rows";
import type { Statement } from "./statement-parts";
import type { World } from "./world";

/** A world in which one statement of one policy is another, or none. */
export interface Replacement {
  readonly what: string;
  readonly policy: string;
  readonly world: World;
}

/** Replaces each statement of a world in turn, in each of the ways that `ways` names. */
export const withStatements = (
  world: World,
  ways: (statement: Statement, policy: string) => { what: string; instead: Statement[] }[],
): Replacement[] =>
  [...world.documents].flatMap(([policy, { Statement }]) =>
    Statement.flatMap((statement, index) =>
      ways(statement as Statement, policy).map(({ what, instead }) => {
        const replaced = { Statement: [...Statement].toSpliced(index, 1, ...instead) };
        const documents = new Map(world.documents).set(policy, replaced);
        return { what, policy, world: { ...world, documents } };
      }),
    ),
  );

/** Whether some row turns out another way than it says. */
export async function isNoticed(
  { rows }: { readonly rows: (of: World) => Row[] },
  { world, policy }: Replacement,
): Promise<boolean> {
  const document = world.documents.get(policy);
  if (!document) throw new Error(`there is no policy ${policy}`);
  for (const row of rows(world).filter((each) => concerns(each, policy, document))) {
    if ((await verdict(row, world)) !== row.allowed) return true;
  }
  return false;
}
