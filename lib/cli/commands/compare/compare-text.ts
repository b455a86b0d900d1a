import { counted } from "../../../counted";
import type { Difference, NotComparable } from "../../../existing/compare/difference";
import type { IgnoreRule } from "../../../existing/compare/ignored";
import { valueText } from "../../../existing/compare/same-value";
import { pathText, type Value } from "../../../existing/model";
import { cutText, cutValues } from "../../runs/cut-values";
import type { Markup } from "../../runs/markup";
import type { ComparedSources } from "./compare-sources";

/** Objects of one type that are listed. */
const MOST_OBJECTS = 20;
/** Differences of one object that are listed. */
const MOST_ARGUMENTS = 8;

/** Numbers of differences. */
export interface DifferenceCounts {
  readonly differences: number;
  /** Objects that only one side has. */
  readonly onlyHere: number;
  readonly onlyThere: number;
  /** Arguments that differ. */
  readonly arguments: number;
  /** Objects with arguments that differ. */
  readonly changed: number;
}

/** Counts differences. */
export function countsOf(differences: readonly Difference[]): DifferenceCounts {
  const whole = differences.filter(({ argument }) => argument === undefined);
  const onlyHere = whole.filter(({ kind }) => kind === "only here").length;
  return {
    differences: differences.length,
    onlyHere,
    onlyThere: whole.length - onlyHere,
    arguments: differences.length - whole.length,
    changed: byObject(differences.filter(({ argument }) => argument !== undefined)).length,
  };
}

/** Returns a comparison as people read it: numbers first, then the differences by type and object. */
export function compareText(compared: ComparedSources, markup: Markup): string {
  const { here, there, types, differences } = compared;
  const names = `${markup.code(here.name)} and ${markup.code(there.name)}`;
  const byType = types.map((type) => ({
    ...type,
    found: differences.filter((each) => each.type === type.type),
  }));
  const different = byType.filter(({ found }) => found.length > 0);
  const same = byType.filter(({ found }) => found.length === 0);
  return [
    markup.title(`${names}: ${totalText(compared, markup)}`),
    ...different.map((type) =>
      markup.item(
        `${type.type}: ${counted(type.found.length, "difference")} in ${counted(byObject(type.found).length, "object")}, of ${type.here} and ${type.there}`,
      ),
    ),
    ...(same.length > 0
      ? [
          markup.item(
            `the same: ${same.map(({ type, here: all }) => `${type} (${all})`).join(", ")}`,
          ),
        ]
      : []),
    ...different.flatMap(({ type, found }) => typeText(type, found, compared, markup)),
    ...remarks(compared, markup),
  ].join("");
}

function totalText(compared: ComparedSources, { code }: Markup): string {
  const {
    differences,
    onlyHere,
    onlyThere,
    arguments: changes,
    changed,
  } = countsOf(compared.differences);
  if (differences === 0) return "no differences";
  return `${counted(differences, "difference")}: ${counted(onlyHere, "object")} only in ${code(compared.here.name)}, ${onlyThere} only in ${code(compared.there.name)}, ${counted(changes, "argument")} of ${counted(changed, "object")}`;
}

/** Groups differences by their objects. */
function byObject(differences: readonly Difference[]): (readonly Difference[])[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = JSON.stringify([difference.type, ...difference.path]);
    const group = groups.get(key);
    if (group) group.push(difference);
    else groups.set(key, [difference]);
  }
  return [...groups.values()];
}

function typeText(
  type: string,
  differences: readonly Difference[],
  compared: ComparedSources,
  markup: Markup,
): string[] {
  const objects = byObject(differences);
  const more = objects.length - MOST_OBJECTS;
  return [
    markup.heading(`${type}:`),
    ...objects.slice(0, MOST_OBJECTS).flatMap((each) => objectText(each, compared, markup)),
    ...(more > 0
      ? [markup.item(`… and ${counted(more, "further object")}: --json and --html have all`)]
      : []),
  ];
}

function objectText(
  differences: readonly Difference[],
  compared: ComparedSources,
  markup: Markup,
): string[] {
  const [first] = differences as readonly [Difference];
  const why = first.unmanaged === undefined ? "" : ` (${first.unmanaged})`;
  const name = `${markup.code(cutText(pathText(first.path)))}${why}`;
  if (first.argument === undefined) {
    return [markup.item(`${name}: ${onlyIn(first, compared, markup)}`)];
  }
  const more = differences.length - MOST_ARGUMENTS;
  return [
    markup.item(`${name}:`),
    ...differences
      .slice(0, MOST_ARGUMENTS)
      .map((each) => markup.detail(argumentText(each, compared, markup))),
    ...(more > 0 ? [markup.detail(`… and ${counted(more, "further difference")}`)] : []),
  ];
}

const onlyIn = ({ kind }: Difference, { here, there }: ComparedSources, { code }: Markup): string =>
  `only in ${code(kind === "only here" ? here.name : there.name)}`;

function argumentText(difference: Difference, compared: ComparedSources, markup: Markup): string {
  const { kind, argument = "", here, there } = difference;
  const path = markup.code(cutText(argument));
  // The name of an element says which one it is.
  if (kind.startsWith("only") && argument.endsWith("]")) {
    return `${path}: ${onlyIn(difference, compared, markup)}`;
  }
  const { before, after } = cutValues({ before: textOf(here), after: textOf(there) });
  const text = (value: string | undefined) => (value === undefined ? "none" : markup.code(value));
  const order = kind === "other order" ? "another order: " : "";
  return `${path}: ${order}${text(before)} → ${text(after)}`;
}

const textOf = (value: Value | undefined): string | undefined =>
  value === undefined ? undefined : valueText(value);

/** Returns what does not count, and why. */
function remarks(compared: ComparedSources, markup: Markup): string[] {
  const { ignored, unused, notComparable, skipped, unnamed } = compared;
  const left = ignored.reduce((sum, { count }) => sum + count, 0);
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? [] : [markup.heading(heading), ...items.map(markup.item)];
  return [
    ...list(
      `not counted, ${counted(left, "ignored difference")}:`,
      ignored.map(
        (rule) => `${ruleText(rule, markup)}: ${rule.count} (${markup.code(rule.entry.reason)})`,
      ),
    ),
    ...list(
      `${unused.length} ${unused.length === 1 ? "entry" : "entries"} of ignoredDifferences without such a difference, which can be removed:`,
      unused.map((rule) => ruleText(rule, markup)),
    ),
    ...list("not comparable, and taken as equal:", notComparableTexts(notComparable)),
    ...list(
      `${counted(unnamed.length, "resource")} of the code with a name that only Terraform knows, not compared:`,
      unnamed.slice(0, MOST_OBJECTS).map(markup.code),
    ),
    ...list("types that were not compared:", skippedTexts(skipped, markup)),
  ];
}

/** Returns a rule of the registry in words. */
export const ruleText = (
  { org, entry: { type, name, attribute } }: IgnoreRule,
  { code }: Pick<Markup, "code">,
): string => {
  const parts = [type, name, attribute].filter((part) => part !== undefined);
  return `${code(org)}: ${parts.map(code).join(", ")}`;
};

/** Returns the values that could not be compared, in words. */
export const notComparableTexts = (counts: NotComparable): string[] =>
  [
    [counts.computed, "value", "that only Terraform knows"],
    [counts["left out"], "argument", "that the code leaves to Genesys Cloud"],
    [counts["not found"], "reference", "to objects that could not be found on either side"],
    [counts.secret, "object", "of which only the name is known, since the settings have a secret"],
  ].flatMap(([count, noun, what]) =>
    Number(count) > 0 ? [`${counted(Number(count), String(noun))} ${what}`] : [],
  );

/** Returns the types that were not compared, by the side that does not have them. */
export function skippedTexts(
  skipped: ComparedSources["skipped"],
  { code }: Pick<Markup, "code">,
): string[] {
  const bySide = new Map<string, string[]>();
  for (const { type, unknownIn } of skipped) {
    const sides = unknownIn.map(code).join(" and ");
    bySide.set(sides, [...(bySide.get(sides) ?? []), type]);
  }
  return [...bySide].map(([sides, types]) => `not in ${sides}: ${types.join(", ")}`);
}
