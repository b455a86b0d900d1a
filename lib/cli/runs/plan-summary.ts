import type { Action, PlannedChange } from "../../terraform/changes/planned-changes";
import type { WeakenedControl } from "../../terraform/changes/weakened-controls";

/** The changes of one stack. */
export interface StackChanges {
  /** Name of the organisation. */
  readonly org: string;
  /** Id of the stack. */
  readonly stack: string;
  /** Changes; those of a plan are ordered by address. */
  readonly changes: readonly PlannedChange[];
  /** Controls that the changes weaken. */
  readonly weakened: readonly WeakenedControl[];
}

/** The plan of one stack. */
export interface StackPlan extends StackChanges {
  /** Names of outputs that change. */
  readonly outputs: readonly string[];
  /** SHA-256 of the changes and outputs, without sensitive values. */
  readonly digest: string;
}

/** Numbers of changes. */
export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly replace: number;
  readonly destroy: number;
  /** Imports, moves and objects that are forgotten. */
  readonly other: number;
  readonly weakened: number;
}

/** Stacks whose changes are the same, apart from values. */
export interface PlanGroup {
  readonly stacks: readonly StackChanges[];
  readonly changes: readonly PlannedChange[];
}

const KINDS: Readonly<Record<Action, Exclude<keyof Counts, "weakened">>> = {
  create: "add",
  update: "change",
  replace: "replace",
  delete: "destroy",
  import: "other",
  move: "other",
  forget: "other",
};

/** Counts the changes of some plans. */
export function countsOf(plans: readonly Pick<StackChanges, "changes" | "weakened">[]): Counts {
  const counts = { add: 0, change: 0, replace: 0, destroy: 0, other: 0, weakened: 0 };
  for (const { changes, weakened } of plans) {
    for (const { action } of changes) counts[KINDS[action]] += 1;
    counts.weakened += weakened.length;
  }
  return counts;
}

/** Groups the plans that change the same things, the largest group first; plans without changes last. */
export function groupsOf(plans: readonly StackChanges[]): PlanGroup[] {
  const groups = new Map<string, StackChanges[]>();
  for (const plan of plans) {
    const key = JSON.stringify(plan.changes.map(shapeOf));
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups.values()]
    .map((stacks) => ({ stacks, changes: stacks[0]?.changes ?? [] }))
    .sort(
      (one, other) =>
        Number(one.changes.length === 0) - Number(other.changes.length === 0) ||
        other.stacks.length - one.stacks.length,
    );
}

/** A change without its values, which are never the same in two organisations. */
const shapeOf = ({ address, action, attributes }: PlannedChange) => [
  address,
  action,
  attributes.map(({ path }) => path),
];
