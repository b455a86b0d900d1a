import { counted } from "../../counted";
import { ENVIRONMENT_LABELS } from "../../registry/names";
import { cell, inHtml, line, row, small, type Tone, toned } from "../pages/html";
import { type Tile, tablePage } from "../pages/table-page";
import { OUTCOMES, stacksWith } from "./outcomes";
import { type Counts, countsOf } from "./plan-summary";
import { durationText, factsOf, secondsOf, verdictOf } from "./report-facts";
import { detailsOf, summaryOf } from "./report-page-details";
import type { Outcome, RunReport, StackRun } from "./run-report";

/** Returns the report of a run as one page for a browser, without external assets. */
export function reportPage(report: RunReport): string {
  const { stacks } = report;
  const runs = [...stacks].sort(
    (one, other) => urgencyOf(one) - urgencyOf(other) || weakenedIn(other) - weakenedIn(one),
  );
  const length = Math.max(
    secondsOf(report) ?? 0,
    ...stacks.flatMap(({ work = [] }) => work.map(({ to }) => to)),
  );
  const urgent = stacksWith(report, ...URGENT).length;
  return tablePage({
    title: verdictOf(report),
    intro: `<dl class="facts">${factsOf(report).map(factOf).join("")}</dl>`,
    tiles: tilesOf(report),
    searched: "organisation, error, address …",
    heads: ["Outcome", "Organisation", "Environment", "Changes", "Weakened", "Time", "Details"],
    rows: runs.map((run) => rowOf(run, { length, open: urgent <= MOST_OPEN })),
    noMatch: "No stack matches.",
  });
}

/** Stacks with a problem that are shown open. */
const MOST_OPEN = 5;

const TONES: Readonly<Record<Outcome, Tone>> = {
  failed: "bad",
  stopped: "bad",
  refused: "bad",
  "not started": "soon",
  waiting: "soon",
  applied: "good",
  unchanged: "calm",
};

/** Outcomes that somebody has to look at. */
const URGENT = OUTCOMES.filter((outcome) => TONES[outcome] === "bad");

const urgencyOf = ({ outcome }: StackRun): number => OUTCOMES.indexOf(outcome);

const weakenedIn = ({ plan }: StackRun): number => plan?.weakened.length ?? 0;

const tilesOf = (report: RunReport): Tile[] =>
  OUTCOMES.map((kind) => ({
    kind,
    count: stacksWith(report, kind).length,
    tone: TONES[kind],
  })).filter(({ count }) => count > 0);

function factOf({ name, text }: { name: string; text: string }): string {
  const isLink = /^https:\/\/\S+$/.test(text);
  const shown = isLink
    ? `<a href="${inHtml(text)}" rel="noreferrer">${inHtml(text)}</a>`
    : inHtml(text);
  return `<dt>${inHtml(name)}</dt><dd>${shown}</dd>`;
}

/** What all rows of a page have in common. */
interface Timeline {
  /** Seconds. */
  readonly length: number;
  /** Whether problems are shown open. */
  readonly open: boolean;
}

function rowOf(run: StackRun, { length, open }: Timeline): string {
  const { org, environment, stack, outcome, plan, seconds } = run;
  const counts = plan && countsOf([plan]);
  const isUrgent = URGENT.includes(outcome);
  return row(outcome, [
    cell(toned(outcome, TONES[outcome]), urgencyOf(run)),
    cell(`${inHtml(org)}${small(stack === `org-${org}` ? "" : stack)}`, stack),
    cell(inHtml(environment), Object.keys(ENVIRONMENT_LABELS).indexOf(environment)),
    cell(counts ? signsOf(counts) : "", plan?.changes.length ?? ""),
    cell(
      weakenedIn(run) > 0 ? toned(counted(weakenedIn(run), "control"), "soon") : "",
      counts?.weakened ?? "",
    ),
    outcome === "not started"
      ? cell("", "")
      : cell(`${line(durationText(seconds))}${barOf(run, length)}`, seconds),
    cell(detailsOf(run, { isUrgent, open: isUrgent && open }), summaryOf(run).slice(0, 40), "wide"),
  ]);
}

/** Numbers of changes with their signs, and in words for those who point at them. */
function signsOf({ add, change, replace, destroy, other }: Counts): string {
  const kinds: readonly (readonly [string, number, string])[] = [
    ["+", add, "to add"],
    ["~", change, "to change"],
    ["±", replace, "to replace"],
    ["−", destroy, "to destroy"],
    ["→", other, "other"],
  ];
  const present = kinds.filter(([, count]) => count > 0);
  if (present.length === 0) return "0";
  const words = present.map(([, count, word]) => `${count} ${word}`).join(", ");
  const signs = present.map(([sign, count]) => `${sign}${count}`).join(" ");
  return `<abbr class="line" title="${words}">${signs}</abbr>`;
}

/** When a stack was worked on, as a part of the whole run. */
function barOf({ work = [], outcome }: StackRun, length: number): string {
  if (work.length === 0 || length <= 0) return "";
  const percent = (part: number): number => Math.round((1000 * part) / length) / 10;
  const times = work.map(({ from, to }) => `from ${durationText(from)} to ${durationText(to)}`);
  const parts = work.map(
    ({ from, to }) =>
      `<rect x="${percent(from)}" width="${Math.max(1, percent(to - from))}" height="6"/>`,
  );
  return `<svg class="bar ${TONES[outcome]}" role="img" aria-label="${times.join(", ")}" viewBox="0 0 100 6" preserveAspectRatio="none">${parts.join("")}</svg>`;
}
