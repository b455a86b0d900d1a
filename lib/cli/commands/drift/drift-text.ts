import { counted } from "../../../counted";
import {
  changeText,
  failedText,
  groupsText,
  listText,
  type Markup,
  weakenedText,
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
  const { changed, deleted } = driftCounts(stacks);
  return [
    ...weakenedText(stacks, markup),
    ...groupsText(stacks, ["difference", "drift"], markup),
    ...outputsText(stacks, markup),
    ...knownText(stacks, markup),
    ...transientText(stacks, markup),
    ...unusedText(unused, markup),
    ...failedText(failed, "could not be looked at", markup),
    markup.heading(`total: ${counted(changed, "object")} changed, ${deleted} deleted`),
  ].join("");
}

/** Outputs do not count: a change of the code changes them as well. */
function outputsText(stacks: readonly StackDrift[], { heading, item, code }: Markup): string[] {
  const changed = stacks.filter(({ outputs, changes }) => outputs.length * changes.length > 0);
  if (changed.length === 0) return [];
  return [
    heading("outputs that would change with it:"),
    ...changed.map(({ stack, outputs }) => item(`${stack}: ${outputs.map(code).join(", ")}`)),
  ];
}

function knownText(stacks: readonly StackDrift[], markup: Markup): string[] {
  const items = stacks.flatMap(({ stack, known }) =>
    known.map(
      ({ object, entry: { reason, until } }) =>
        `${stack}: ${changeText(object, markup)} (until ${until}: ${reason})`,
    ),
  );
  if (items.length === 0) return [];
  const noun = "known difference";
  return listText(`not counted, ${counted(items.length, noun)}:`, items, noun, markup);
}

function transientText(stacks: readonly StackDrift[], markup: Markup): string[] {
  const items = stacks.flatMap(({ stack, transient }) =>
    transient.map((object) => `${stack}: ${changeText(object, markup)}`),
  );
  if (items.length === 0) return [];
  const heading = `not counted, ${counted(items.length, "difference")} that did not last:`;
  return listText(heading, items, "difference", markup);
}

function unusedText(unused: readonly OrgKnownDrift[], { heading, item, code }: Markup): string[] {
  if (unused.length === 0) return [];
  const count = `${unused.length} ${unused.length === 1 ? "entry" : "entries"}`;
  return [
    heading(`${count} of knownDrift without such a difference, which can be removed:`),
    ...unused.map(({ org, entry }) => item(`${org}: ${nameOf(entry, code)}`)),
  ];
}

/** Returns the name of an entry: its address, and its attribute. */
export const nameOf = (
  { address, attribute }: OrgKnownDrift["entry"],
  code: Markup["code"],
): string => (attribute === undefined ? code(address) : `${code(address)}, ${code(attribute)}`);
