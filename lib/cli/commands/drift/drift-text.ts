import { counted } from "../../../counted";
import type { Markup } from "../../runs/markup";
import { groupsOf } from "../../runs/plan-summary";
import {
  changeText,
  firstLine,
  groupText,
  MOST_CHANGES,
  weakenedItems,
} from "../../runs/plan-text";
import type { Drift, OrgKnownDrift } from "./drift-orgs";
import type { StackDrift } from "./stack-drift";

/** Numbers of objects. */
export interface DriftCounts {
  readonly changed: number;
  readonly deleted: number;
  readonly weakened: number;
  /** Objects with a difference that the registry accepts. */
  readonly known: number;
  /** Objects with a difference that only one of two looks found. */
  readonly transient: number;
}

/** Counts what others than Terraform have changed. */
export function driftCounts(stacks: readonly StackDrift[]): DriftCounts {
  const changes = stacks.flatMap((stack) => stack.changes);
  const deleted = changes.filter(({ action }) => action === "delete").length;
  const sum = (count: (stack: StackDrift) => number) =>
    stacks.reduce((total, stack) => total + count(stack), 0);
  return {
    changed: changes.length - deleted,
    deleted,
    weakened: sum(({ weakened }) => weakened.length),
    known: sum(({ known }) => known.length),
    transient: sum(({ transient }) => transient.length),
  };
}

/** Returns the summary: weakened controls, then drift, then what does not count, then what failed. */
export function driftText({ stacks, failed, unused }: Drift, markup: Markup): string {
  const { changed, deleted, weakened } = driftCounts(stacks);
  const known = knownItems(stacks, markup);
  const transient = transientItems(stacks, markup);
  return [
    ...listText(`${counted(weakened, "weakened control")}:`, weakenedItems(stacks, markup), markup),
    ...groupsOf(stacks).flatMap((group) => groupText(group, markup, "", WORDS)),
    ...listText("outputs that would change with it:", outputItems(stacks, markup), markup),
    ...listText(`not counted, ${counted(known.length, "known difference")}:`, known, markup),
    ...listText(
      `not counted, ${counted(transient.length, "difference")} that did not last:`,
      transient,
      markup,
    ),
    ...listText(
      `${unused.length} ${unused.length === 1 ? "entry" : "entries"} of knownDrift without such a difference, which can be removed:`,
      unused.map(({ org, entry }) =>
        markup.item(`${markup.code(org)}: ${nameOf(entry, markup.code)}`),
      ),
      markup,
    ),
    ...listText(
      `${counted(failed.length, "stack")} could not be looked at:`,
      failed.map(({ stack, error }) =>
        markup.item(`${markup.code(stack)}: ${markup.code(firstLine(error))}`),
      ),
      markup,
    ),
    markup.heading(`total: ${counted(changed, "object")} changed, ${deleted} deleted`),
  ].join("");
}

const WORDS = ["difference", "drift"] as const;

/** A heading with its items, of many the first ones; nothing without items. */
function listText(heading: string, items: readonly string[], markup: Markup): string[] {
  if (items.length === 0) return [];
  const more = items.length - MOST_CHANGES;
  return [
    markup.heading(heading),
    ...items.slice(0, MOST_CHANGES),
    ...(more > 0 ? [markup.item(`… and ${more} more`)] : []),
  ];
}

/** Outputs do not count: a change of the code changes them as well. */
const outputItems = (stacks: readonly StackDrift[], { item, code }: Markup): string[] =>
  stacks
    .filter(({ outputs, changes }) => outputs.length > 0 && changes.length > 0)
    .map(({ stack, outputs }) => item(`${code(stack)}: ${outputs.map(code).join(", ")}`));

const knownItems = (stacks: readonly StackDrift[], markup: Markup): string[] =>
  stacks.flatMap(({ stack, known }) =>
    known.map(({ object, entry: { reason, until } }) =>
      markup.item(
        `${markup.code(stack)}: ${changeText(object, markup)} (until ${until}: ${markup.code(reason)})`,
      ),
    ),
  );

const transientItems = (stacks: readonly StackDrift[], markup: Markup): string[] =>
  stacks.flatMap(({ stack, transient }) =>
    transient.map((object) => markup.item(`${markup.code(stack)}: ${changeText(object, markup)}`)),
  );

/** Returns the name of an entry: its address, and its attribute. */
export const nameOf = (
  { address, attribute }: OrgKnownDrift["entry"],
  code: Markup["code"],
): string => (attribute === undefined ? code(address) : `${code(address)}, ${code(attribute)}`);
