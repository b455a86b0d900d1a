import { counted } from "../../counted";
import type { Markup } from "./markup";
import { stacksWith } from "./outcomes";
import { countsOf, groupsOf, type StackPlan } from "./plan-summary";
import { countsText, groupText, namesText, weakenedItems } from "./plan-text";
import { factsOf, verdictOf } from "./report-facts";
import type { RunReport, StackRun } from "./run-report";

/** Items of one section that are listed; the others are counted. GitHub takes 1 MiB for a summary. */
const MOST_ITEMS = 50;
/** Groups of stacks with the same changes that are listed. */
const MOST_GROUPS = 20;
/** Lines of an error or of a list of differences. */
const MOST_LINES = 8;
/** Characters of a line. */
const MOST_CHARACTERS = 500;

/** Returns the report of a run for people: the verdict, what went wrong, what waits, then what was done. */
export function reportText(report: RunReport, markup: Markup): string {
  const { title, heading, item, code } = markup;
  const section = (text: string, items: readonly string[]): string =>
    items.length === 0 ? "" : `${heading(`${text}:`)}${listed(items, markup)}`;
  const stacks = (runs: readonly unknown[], what: string) =>
    `${counted(runs.length, "stack")} ${what}`;
  const [failed, stopped] = [stacksWith(report, "failed"), stacksWith(report, "stopped")];
  const [refused, waiting] = [stacksWith(report, "refused"), stacksWith(report, "waiting")];
  const [notStarted, unchanged] = [
    stacksWith(report, "not started"),
    stacksWith(report, "unchanged"),
  ];
  const applied = stacksWith(report, "applied").flatMap(({ plan }) => plan ?? []);
  const repeated = report.stacks.filter(({ retries = [] }) => retries.length > 0);
  return [
    title(verdictOf(report)),
    ...factsOf(report).map(({ name, text }) => item(`${name}: ${code(text)}`)),
    section(stacks(failed, "failed"), causesOf(failed, markup)),
    section(stacks(stopped, "stopped while Terraform was running"), causesOf(stopped, markup)),
    section(
      stacks(refused, "refused, since the change is no longer the reviewed one"),
      causesOf(refused, markup),
    ),
    section(
      `${counted(countsOf(applied).weakened, "weakened control")} applied`,
      weakenedItems(applied, markup),
    ),
    section(
      stacks(waiting, "waiting for approval"),
      waiting.map(({ stack, plan }) =>
        item(`${code(stack)}${plan ? `: ${countsText(countsOf([plan]))}` : ""}`),
      ),
    ),
    namedStacks(notStarted, "not started", markup),
    ...appliedText(applied, markup),
    namedStacks(unchanged, "without changes", markup),
    section(
      stacks(repeated, "with steps that were repeated"),
      repeated.map(({ stack, retries = [] }) =>
        item(`${code(stack)}: ${code(firstLinesOf(retries.join("\n"), 2))}`),
      ),
    ),
  ].join("");
}

const namedStacks = (runs: readonly StackRun[], what: string, markup: Markup): string =>
  runs.length === 0
    ? ""
    : markup.heading(`${counted(runs.length, "stack")} ${what}: ${namesText(runs, markup)}`);

function appliedText(plans: readonly StackPlan[], markup: Markup): string[] {
  const groups = groupsOf(plans);
  const more = groups.length - MOST_GROUPS;
  return [
    ...groups.slice(0, MOST_GROUPS).flatMap((group) => groupText(group, markup, " applied")),
    ...(more > 0 ? [markup.heading(`… and ${counted(more, "further group")} of changes`)] : []),
  ];
}

/** Returns the errors of stacks, one that several have in common once. */
function causesOf(runs: readonly StackRun[], markup: Markup): string[] {
  const causes = new Map<string, StackRun[]>();
  for (const run of runs) {
    // Terraform names the stack and its organisation in most errors.
    const cause = problemOf(run).replaceAll(run.stack, "<stack>").replaceAll(run.org, "<org>");
    causes.set(cause, [...(causes.get(cause) ?? []), run]);
  }
  return [...causes.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const count = alike.length > 1 ? `${alike.length} for the same reason: ` : "";
    const text = firstLinesOf(problemOf(first), MOST_LINES);
    return `${markup.item(`${count}${namesText(alike, markup)}`)}${text && markup.block(text)}`;
  });
}

const problemOf = ({ error, differences = [] }: StackRun): string =>
  [...(error === undefined ? [] : [error]), ...differences].join("\n");

/** Returns the first lines of a text that are not empty, and says how many more there are. */
function firstLinesOf(text: string, most: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = lines
    .slice(0, most)
    .map((line) => (line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line));
  const more = lines.length - most;
  return [...shown, ...(more > 0 ? [`… and ${counted(more, "further line")}`] : [])].join("\n");
}

const listed = (items: readonly string[], { item }: Markup): string =>
  [
    ...items.slice(0, MOST_ITEMS),
    ...(items.length > MOST_ITEMS ? [item(`… and ${items.length - MOST_ITEMS} more`)] : []),
  ].join("");
