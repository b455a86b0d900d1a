import { counted } from "../../../counted";
import type { Difference, DifferenceKind } from "../../../existing/compare/difference";
import { valueText } from "../../../existing/compare/same-value";
import { pathText } from "../../../existing/model";
import { cell, inHtml, line, row, small, type Tone, toned } from "../../pages/html";
import { tablePage } from "../../pages/table-page";
import type { ComparedSources, Side } from "./compare-sources";
import { countsOf, notComparableTexts, ruleText, skippedTexts } from "./compare-text";

/** Returns a comparison as one page for a browser, without external assets: both sides next to each other. */
export function comparePage(compared: ComparedSources, now: number): string {
  const { here, there, types, differences } = compared;
  const order = types.map(({ type }) => type);
  const kinds = KINDS.map((kind) => ({
    kind: kindText(kind, compared),
    count: differences.filter((each) => each.kind === kind).length,
    tone: TONES[kind],
  }));
  return tablePage({
    title: `${here.name} and ${there.name}: ${counted(differences.length, "difference")}`,
    intro: `<dl class="facts">${factsOf(compared, now).map(factOf).join("")}</dl>`,
    tiles: kinds.filter(({ count }) => count > 0),
    searched: "type, object, argument, value …",
    heads: ["Difference", "Type", "Object", "Argument", here.name, there.name],
    rows: differences.map((each) => rowOf(each, order.indexOf(each.type), compared)),
    noMatch: differences.length === 0 ? "There are no differences." : "No difference matches.",
  });
}

const KINDS: readonly DifferenceKind[] = ["only here", "only there", "different", "other order"];

const TONES: Readonly<Record<DifferenceKind, Tone>> = {
  "only here": "bad",
  "only there": "good",
  different: "soon",
  "other order": "calm",
};

function kindText(kind: DifferenceKind, { here, there }: ComparedSources): string {
  if (kind === "only here") return `only in ${here.name}`;
  if (kind === "only there") return `only in ${there.name}`;
  return kind === "different" ? "different" : "in another order";
}

const SIDES: Readonly<Record<Side["kind"], string>> = {
  organisation: "read from Genesys Cloud",
  snapshot: "a snapshot",
  code: "synthesized",
};

function factsOf(compared: ComparedSources, now: number): [string, string][] {
  const { here, there, types, differences, ignored, unused, unnamed } = compared;
  const { onlyHere, onlyThere, arguments: changes, changed } = countsOf(differences);
  const plain = { code: (text: string) => text };
  const facts: [string, readonly string[]][] = [
    ["Time", [new Date(now).toISOString().replace(/\.\d+Z$/, "Z")]],
    ["Sides", [here, there].map(({ name, kind }) => `${name}: ${SIDES[kind]}`)],
    [
      "Objects",
      [
        `${onlyHere} only in ${here.name}`,
        `${onlyThere} only in ${there.name}`,
        `${counted(changes, "different argument")} in ${changed}`,
      ],
    ],
    [
      "Compared",
      [
        `${counted(types.length, "type")}, ${sum(types.map((each) => each.here))} objects in ${here.name} and ${sum(types.map((each) => each.there))} in ${there.name}`,
      ],
    ],
    ["Not compared", skippedTexts(compared.skipped, plain)],
    ["Taken as equal", notComparableTexts(compared.notComparable)],
    ["Names only Terraform knows", unnamed],
    [
      "Ignored",
      ignored.map((rule) => `${rule.count} by ${ruleText(rule, plain)} (${rule.entry.reason})`),
    ],
    ["Rules without a difference", unused.map((rule) => ruleText(rule, plain))],
  ];
  return facts
    .filter(([, texts]) => texts.length > 0)
    .map(([name, texts]) => [name, texts.join("; ")]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const factOf = ([name, text]: [string, string]): string =>
  `<dt>${inHtml(name)}</dt><dd>${inHtml(text)}</dd>`;

function rowOf(difference: Difference, typeOrder: number, compared: ComparedSources): string {
  const { kind, type, path, argument, unmanaged } = difference;
  const text = kindText(kind, compared);
  const [here, there] = [difference.here, difference.there].map((value) =>
    value === undefined ? undefined : valueText(value),
  );
  return row(text, [
    cell(toned(text, TONES[kind]), KINDS.indexOf(kind)),
    cell(line(type), typeOrder),
    cell(`${inHtml(pathText(path))}${small(unmanaged)}`, pathText(path)),
    cell(argument === undefined ? "" : `<code>${inHtml(argument)}</code>`, argument ?? "", "path"),
    ...(argument === undefined ? existence(kind) : sideBySide(here, there)).map((html, index) =>
      cell(html, ([here, there][index] ?? "").slice(0, 40), "value"),
    ),
  ]);
}

const existence = (kind: DifferenceKind): [string, string] =>
  kind === "only here" ? ["exists", ""] : ["", "exists"];

/** Returns two values. Where long ones are much the same, their different parts are marked. */
function sideBySide(here: string | undefined, there: string | undefined): [string, string] {
  const [start, end] = here === undefined || there === undefined ? [0, 0] : inCommon(here, there);
  const isMuch = start + end > Math.max(20, Math.min(here?.length ?? 0, there?.length ?? 0) / 2);
  const html = (text: string | undefined): string => {
    if (text === undefined) return "";
    const middle = text.slice(start, text.length - end);
    const marked = isMuch && middle !== "" ? `<mark>${inHtml(middle)}</mark>` : inHtml(middle);
    return `<div>${inHtml(text.slice(0, start))}${marked}${inHtml(text.slice(text.length - end))}</div>`;
  };
  return [html(here), html(there)];
}

/** Returns the numbers of characters that two texts have in common at their beginning and at their end. */
function inCommon(one: string, other: string): [number, number] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  // Half of a character stands for nothing.
  if (/[\ud800-\udbff]/.test(one[start - 1] ?? "")) start -= 1;
  let end = 0;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  if (/[\udc00-\udfff]/.test(one.at(-end) ?? "") && end > 0) end -= 1;
  return [start, end];
}
