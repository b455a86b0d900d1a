import { counted } from "../../../counted";
import type { AttributeChange } from "../../../terraform/changes/planned-changes";
import { cutText, cutValues } from "../../runs/cut-values";
import type { Markup } from "../../runs/markup";
import { countsOf } from "../../runs/plan-summary";
import { countsText, MOST_CHANGES, namesText, SIGNS, weakenedText } from "../../runs/plan-text";
import { type ChangeGroup, type CommonChange, commonChanges } from "./common-changes";
import type { Diff } from "./diff-orgs";
import { type Risk, riskOf } from "./risk";
import type { BlockChange, StackDiff } from "./stack-diff";

/** Attributes of one change that are listed. */
const MOST_ATTRIBUTES = 8;

/**
 * Returns a difference as people read it: weakened controls first, then what is replaced, then all changes,
 * each once with the stacks that have it.
 *
 * @param between both sides, in words
 */
export function diffText(
  { stacks, unchanged, otherPackages }: Diff,
  between: string,
  markup: Markup,
): string {
  const withStatus = (status: StackDiff["status"]) =>
    stacks.filter((each) => each.status === status);
  const groups = commonChanges(withStatus("changed"));
  return [
    markup.title(`Changes from ${between}: ${RISKS[riskOf(stacks)]}`),
    ...weakenedText(stacks, markup),
    ...replacedText(groups, markup),
    ...wholeText(
      withStatus("removed"),
      "removed: Terraform destroys nothing, and nothing manages its objects any more",
      markup,
    ),
    ...groups.flatMap((group) => groupText(group, markup)),
    ...wholeText(withStatus("added"), "new", markup),
    ...(unchanged > 0 ? [markup.heading(`${counted(unchanged, "stack")} without changes`)] : []),
    ...otherPackages.map((file) =>
      markup.heading(
        `${file} differs: both sides were synthesized with the packages installed now, so changes by the packages themselves are not shown`,
      ),
    ),
    markup.heading(`total: ${totalText(stacks)}`),
  ].join("");
}

const RISKS: Readonly<Record<Risk, string>> = {
  nothing: "nothing changes",
  changes: "no control is weakened, and nothing is known to be destroyed",
  destroys: "objects are destroyed, or no longer managed",
  weakens: "a control is weakened",
};

function totalText(stacks: readonly StackDiff[]): string {
  const parts = stacks.map(({ changes, weakened }) => ({
    changes: changes.filter(({ isResource }) => isResource),
    weakened,
  }));
  const settings = stacks.flatMap(({ changes }) => changes).filter((each) => !each.isResource);
  const text = countsText(countsOf(parts));
  return settings.length > 0 ? `${text}, ${counted(settings.length, "changed setting")}` : text;
}

/** Lists the resources that would be replaced, since the lists of changes may be long. */
function replacedText(groups: readonly ChangeGroup[], markup: Markup): string[] {
  const found = groups.flatMap(({ stacks, changes }) =>
    changes
      .filter(({ change }) => change.isResource && change.action === "replace")
      .map(({ change }) => ({ stacks, change })),
  );
  if (found.length === 0) return [];
  const count = found.reduce((sum, { stacks }) => sum + stacks.length, 0);
  return [
    markup.heading(`${counted(count, "replaced resource")}:`),
    ...found.map(({ stacks, change }) =>
      markup.item(`${namesText(stacks, markup)}: ${headOf(change, markup)}`),
    ),
  ];
}

/** Lists stacks that are in one synthesis only. */
function wholeText(stacks: readonly StackDiff[], what: string, markup: Markup): string[] {
  if (stacks.length === 0) return [];
  return [
    markup.heading(`${counted(stacks.length, "stack")} ${what}:`),
    ...stacks.map(({ stack, resources }) =>
      markup.item(`${markup.code(stack)}: ${counted(resources, "resource")}`),
    ),
  ];
}

function groupText({ stacks, changes }: ChangeGroup, markup: Markup): string[] {
  const count = counted(changes.length, "change");
  const same = stacks.length > 1 ? `the same ${count}` : count;
  const more = changes.length - MOST_CHANGES;
  return [
    markup.heading(`${counted(stacks.length, "stack")}, ${same}: ${namesText(stacks, markup)}`),
    ...changes.slice(0, MOST_CHANGES).flatMap((change) => changeText(change, markup)),
    ...(more > 0 ? [markup.item(`… and ${counted(more, "further change")}`)] : []),
  ];
}

function changeText({ change, differing }: CommonChange, markup: Markup): string[] {
  const { attributes, action } = change;
  const head = markup.item(headOf(change, markup));
  // All of them would repeat the code.
  if (action === "create" || action === "delete" || action === "forget") return [head];
  const more = attributes.length - MOST_ATTRIBUTES;
  return [
    head,
    ...attributes
      .slice(0, MOST_ATTRIBUTES)
      .map((attribute) =>
        markup.detail(attributeText(attribute, differing.has(attribute.path), markup)),
      ),
    ...(more > 0 ? [markup.detail(`… and ${counted(more, "further attribute")}`)] : []),
  ];
}

function headOf({ address, action, movedFrom, attributes }: BlockChange, { code }: Markup): string {
  const head = code(`${SIGNS[action]} ${address}`);
  if (movedFrom === undefined) return head;
  const why = action === "replace" ? ", without a block that moves it" : "";
  const same = action === "replace" && attributes.length === 0 ? ", otherwise the same" : "";
  return `${head} from ${code(movedFrom)}${why}${same}`;
}

/** @param differs whether the values are not the same in all stacks */
function attributeText(attribute: AttributeChange, differs: boolean, { code }: Markup): string {
  const path = code(cutText(attribute.path));
  if (differs) return `${path}: differs from stack to stack`;
  const { before, after } = cutValues(attribute);
  return `${path}: ${before ? code(before) : "none"} → ${after ? code(after) : "none"}`;
}
