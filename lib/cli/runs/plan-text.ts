import { counted } from "../../counted";
import type { Action, PlannedChange } from "../../terraform/changes/planned-changes";
import { CONTROLS } from "../../terraform/changes/watch";
import type { Markup } from "./markup";
import {
  type Counts,
  countsOf,
  groupsOf,
  type PlanGroup,
  type StackChanges,
  type StackPlan,
} from "./plan-summary";

/** A stack that could not be planned. */
export interface FailedPlan {
  readonly org: string;
  readonly stack: string;
  readonly error: string;
}

/** Changes of one group that are listed; the others are counted. */
export const MOST_CHANGES = 20;
/** Names of organisations that are listed. */
const MOST_NAMES = 10;

/** Returns the summary of all plans: weakened controls first, then what changes, then what failed. */
export function planText(
  plans: readonly StackPlan[],
  failed: readonly FailedPlan[],
  markup: Markup,
): string {
  return [
    ...weakenedText(plans, markup),
    ...groupsOf(plans).flatMap((group) => groupText(group, markup)),
    ...(failed.length > 0
      ? [
          markup.heading(`${counted(failed.length, "stack")} could not be planned:`),
          ...failed.map(({ stack, error }) =>
            markup.item(`${markup.code(stack)}: ${markup.code(firstLine(error))}`),
          ),
        ]
      : []),
    markup.heading(`total: ${countsText(countsOf(plans))}`),
  ].join("");
}

/** Returns the controls that plans weaken, under a heading. Empty if they weaken none. */
export function weakenedText(plans: readonly StackChanges[], markup: Markup): string[] {
  const items = weakenedItems(plans, markup);
  const heading = `${counted(countsOf(plans).weakened, "weakened control")}:`;
  return items.length > 0 ? [markup.heading(heading), ...items] : [];
}

/**
 * Returns a line for each control that plans weaken, the most serious first, with the organisations where it
 * is the same one.
 */
export function weakenedItems(plans: readonly StackChanges[], { item, code }: Markup): string[] {
  const all = plans.flatMap(({ org, weakened }) => weakened.map((each) => ({ org, ...each })));
  all.sort((one, other) => CONTROLS.indexOf(one.control) - CONTROLS.indexOf(other.control));
  const orgs = new Map<string, Set<string>>();
  for (const { org, address, control, what } of all) {
    // A reason of a waiver, for example, may have any characters.
    const words = /^[\w ,.'()-]+$/.test(what) ? what : code(what);
    const text = `${code(address)}: ${words} (${control})`;
    orgs.set(text, (orgs.get(text) ?? new Set()).add(org));
  }
  return [...orgs].map(([text, names]) => item(`${listed([...names], code)}: ${text}`));
}

/**
 * Returns the changes that some stacks have in common, with the names of the stacks and what they are.
 *
 * @param words for one change, and for many
 */
export function groupText(
  { stacks, changes }: PlanGroup,
  markup: Markup,
  what = "",
  [noun, plural]: readonly [string, string] = ["change", "changes"],
): string[] {
  const orgs = `${counted(stacks.length, "stack")}${what}`;
  const names = namesText(stacks, markup);
  if (changes.length === 0) return [markup.heading(`${orgs} without ${plural}: ${names}`)];
  const count = counted(changes.length, noun);
  const same = stacks.length > 1 ? `the same ${count}` : count;
  return [
    markup.heading(`${orgs}, ${same}: ${names}`),
    ...importsLast(changes)
      .slice(0, MOST_CHANGES)
      .map((change) => markup.item(changeText(change, markup))),
    ...(changes.length > MOST_CHANGES
      ? [markup.item(`… and ${counted(changes.length - MOST_CHANGES, `further ${noun}`)}`)]
      : []),
  ];
}

/** An import changes nothing: hundreds of them must not hide an object that is destroyed. */
const importsLast = (changes: readonly PlannedChange[]): PlannedChange[] => [
  ...changes.filter(({ action }) => action !== "import"),
  ...changes.filter(({ action }) => action === "import"),
];

/** Signs of changes, as Terraform has them. */
export const SIGNS: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  import: "→ import",
  move: "→ move",
  forget: "→ forget",
};

/** Attributes of one change that are listed. */
const MOST_ATTRIBUTES = 5;

/** Returns one change: its sign, its address and its attributes. */
export function changeText(
  { address, action, attributes, movedFrom }: PlannedChange,
  { code }: Markup,
) {
  const from = movedFrom === undefined ? "" : ` from ${code(movedFrom)}`;
  // Together in code: in Markdown, a sign of its own would begin a list in the list.
  const head = `${code(`${SIGNS[action]} ${address}`)}${from}`;
  if (action !== "update" && action !== "replace") return head;
  const paths = attributes.slice(0, MOST_ATTRIBUTES).map(({ path }) => code(path));
  const more =
    attributes.length > MOST_ATTRIBUTES ? [`and ${attributes.length - MOST_ATTRIBUTES} more`] : [];
  return `${head}: ${[...paths, ...more].join(", ")}`;
}

/** Returns the names of stacks, of many the first ones. */
export const namesText = (stacks: readonly { stack: string }[], { code }: Markup): string =>
  listed(
    stacks.map(({ stack }) => stack),
    code,
  );

function listed(names: readonly string[], code: Markup["code"]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).map(code);
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/** Counts in words, as Terraform has them. */
export const countsText = ({ add, change, replace, destroy, other, weakened }: Counts): string =>
  [
    `${add} to add`,
    `${change} to change`,
    `${replace} to replace`,
    `${destroy} to destroy`,
    ...(other > 0 ? [`${other} other`] : []),
    ...(weakened > 0 ? [`${counted(weakened, "weakened control")}`] : []),
  ].join(", ");

/** Returns the beginning of an error. */
export const firstLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 2)
    .join(" ");
