import { type BlockChange, rankOf, type StackDiff } from "./stack-diff";

/** A change that some stacks have in common. */
export interface CommonChange {
  /** As the first stack has it. */
  readonly change: BlockChange;
  /** Paths of the attributes whose values differ from stack to stack. */
  readonly differing: ReadonlySet<string>;
}

/** Stacks with the changes that they have in common, and that no other stack has. */
export interface ChangeGroup {
  readonly stacks: readonly StackDiff[];
  readonly changes: readonly CommonChange[];
}

/**
 * Returns each change once, with all stacks that have it; the groups with the most serious changes first,
 * then the largest.
 */
export function commonChanges(stacks: readonly StackDiff[]): ChangeGroup[] {
  const byChange = new Map<string, { stack: StackDiff; change: BlockChange }[]>();
  for (const stack of stacks) {
    for (const change of stack.changes) {
      const key = shapeOf(change);
      byChange.set(key, [...(byChange.get(key) ?? []), { stack, change }]);
    }
  }
  const groups = new Map<string, { stacks: StackDiff[]; changes: CommonChange[] }>();
  for (const found of byChange.values()) {
    const those = found.map(({ stack }) => stack);
    const key = JSON.stringify(those.map(({ stack }) => stack));
    const group = groups.get(key) ?? { stacks: those, changes: [] };
    group.changes.push(commonChangeOf(found.map(({ change }) => change)));
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ changes, ...group }) => ({ ...group, changes: changes.sort(byRank) }))
    .sort((one, other) => worstOf(one) - worstOf(other) || other.stacks.length - one.stacks.length);
}

const byRank = ({ change: one }: CommonChange, { change: other }: CommonChange): number =>
  rankOf(one) - rankOf(other) || (one.address < other.address ? -1 : 1);

const worstOf = ({ changes }: ChangeGroup): number =>
  Math.min(...changes.map(({ change }) => rankOf(change)));

function commonChangeOf(changes: readonly BlockChange[]): CommonChange {
  const [change, ...others] = changes as [BlockChange, ...BlockChange[]];
  const differing = change.attributes.filter((attribute) => {
    const text = JSON.stringify(attribute);
    return others.some(
      ({ attributes }) => !attributes.some((each) => JSON.stringify(each) === text),
    );
  });
  return { change, differing: new Set(differing.map(({ path }) => path)) };
}

/** A change without its values, which are seldom the same in two organisations. */
const shapeOf = ({ address, action, movedFrom, attributes }: BlockChange): string =>
  JSON.stringify([
    address,
    action,
    movedFrom,
    ...new Set(attributes.map(({ path }) => alike(path))),
  ]);

/** Returns a path without the names of items that have an organisation's names, accounts or ids in them. */
const alike = (path: string): string =>
  path.replace(/\[[^\]]*(?:\d{12}|arn:|[0-9a-f]{8}-|\/)[^\]]*\]/g, "[…]");
