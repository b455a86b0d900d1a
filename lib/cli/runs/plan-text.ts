import { counted } from "../../counted";
import type { Action, PlannedChange } from "../../terraform/changes/planned-changes";
import { type Counts, countsOf, groupsOf, type PlanGroup, type StackPlan } from "./plan-summary";

/** A stack that could not be planned. */
export interface FailedPlan {
  readonly org: string;
  readonly stack: string;
  readonly error: string;
}

/** How a summary is written: as plain text, or as Markdown. */
export interface Markup {
  readonly heading: (text: string) => string;
  readonly item: (text: string) => string;
  readonly code: (text: string) => string;
}

export const PLAIN: Markup = {
  heading: (text) => `${text}\n`,
  item: (text) => `  ${text}\n`,
  code: (text) => text,
};

export const MARKDOWN: Markup = {
  heading: (text) => `\n#### ${text}\n\n`,
  item: (text) => `- ${text}\n`,
  code: (text) => `\`${text.replaceAll("`", "'")}\``,
};

/** Changes of one group that are listed; the others are counted. */
const MOST_CHANGES = 20;
/** Names of organisations that are listed. */
const MOST_NAMES = 10;

/** Returns the summary of all plans: weakened controls first, then what changes, then what failed. */
export const planText = (
  plans: readonly StackPlan[],
  failed: readonly FailedPlan[],
  markup: Markup,
): string =>
  [
    ...weakenedText(plans, markup),
    ...groupsText(plans, ["change", "changes"], markup),
    ...failedText(failed, "could not be planned", markup),
    markup.heading(`total: ${countsText(countsOf(plans))}`),
  ].join("");

/** Returns the weakened controls of stacks. */
export function weakenedText(stacks: readonly StackPlan[], markup: Markup): string[] {
  const weakened = stacks.flatMap(({ org, weakened: controls }) =>
    controls.map(({ address, control, what }) =>
      markup.item(`${org}: ${markup.code(address)}: ${what} (${control})`),
    ),
  );
  if (weakened.length === 0) return [];
  return [markup.heading(`${counted(weakened.length, "weakened control")}:`), ...weakened];
}

/**
 * Returns the changes of stacks, grouped by what is the same.
 *
 * @param words for one change, and for that which stacks without any are without
 */
export const groupsText = (
  stacks: readonly StackPlan[],
  [noun, none]: readonly [noun: string, none: string],
  markup: Markup,
): string[] =>
  groupsOf(stacks).flatMap((group: PlanGroup) => {
    const count = counted(group.stacks.length, "stack");
    const names = namesText(group.stacks.map(({ stack }) => stack));
    if (group.changes.length === 0) return [markup.heading(`${count} without ${none}: ${names}`)];
    const changes = counted(group.changes.length, noun);
    const same = group.stacks.length > 1 ? `the same ${changes}` : changes;
    return listText(
      `${count}, ${same}: ${names}`,
      group.changes.map((change) => changeText(change, markup)),
      noun,
      markup,
    );
  });

/** Returns the stacks that failed, each with the beginning of its error. */
export const failedText = (
  failed: readonly FailedPlan[],
  what: string,
  { heading, item }: Markup,
): string[] =>
  failed.length === 0
    ? []
    : [
        heading(`${counted(failed.length, "stack")} ${what}:`),
        ...failed.map(({ stack, error }) => item(`${stack}: ${firstLine(error)}`)),
      ];

/** Returns a heading with its items; no more than a reader reads, the others are counted. */
export const listText = (
  heading: string,
  items: readonly string[],
  noun: string,
  markup: Markup,
): string[] => [
  markup.heading(heading),
  ...items.slice(0, MOST_CHANGES).map(markup.item),
  ...(items.length > MOST_CHANGES
    ? [markup.item(`… and ${counted(items.length - MOST_CHANGES, `further ${noun}`)}`)]
    : []),
];

const SIGNS: Readonly<Record<Action, string>> = {
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

/** Returns one change: its sign, its address, and its attributes. */
export function changeText(
  { address, action, attributes, movedFrom }: PlannedChange,
  { code }: Markup,
) {
  const from = movedFrom === undefined ? "" : ` from ${code(movedFrom)}`;
  const head = `${SIGNS[action]} ${code(address)}${from}`;
  if (action !== "update" && action !== "replace") return head;
  const paths = attributes.slice(0, MOST_ATTRIBUTES).map(({ path }) => path);
  const more =
    attributes.length > MOST_ATTRIBUTES ? [`and ${attributes.length - MOST_ATTRIBUTES} more`] : [];
  return `${head}: ${[...paths, ...more].join(", ")}`;
}

function namesText(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Counts in words, as Terraform has them. */
const countsText = ({ add, change, replace, destroy, other, weakened }: Counts): string =>
  [
    `${add} to add`,
    `${change} to change`,
    `${replace} to replace`,
    `${destroy} to destroy`,
    ...(other > 0 ? [`${other} other`] : []),
    ...(weakened > 0 ? [`${counted(weakened, "weakened control")}`] : []),
  ].join(", ");

const firstLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 2)
    .join(" ");
