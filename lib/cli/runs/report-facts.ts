import { counted } from "../../counted";
import { OUTCOMES, stacksWith } from "./outcomes";
import { type Counts, countsOf } from "./plan-summary";
import type { RunReport } from "./run-report";

/** Outcomes in a sentence: what is done comes first. */
const SAID_FIRST = ["applied", "unchanged"] as const;

/** Returns the end of a run in one line, for example `50 stacks: 47 applied, 3 failed in 14.2 s`. */
export function verdictOf(report: RunReport): string {
  const outcomes = new Set([...SAID_FIRST, ...OUTCOMES]);
  const counts = [...outcomes].flatMap((outcome) => {
    const { length } = stacksWith(report, outcome);
    return length === 0 ? [] : `${length} ${outcome}`;
  });
  const seconds = secondsOf(report);
  const time = seconds === undefined ? "; the run has not ended" : ` in ${durationText(seconds)}`;
  return `${counted(report.stacks.length, "stack")}: ${counts.join(", ") || "nothing to do"}${time}`;
}

/** Returns how long a run took, in seconds; undefined if it has not ended. */
export const secondsOf = ({ started, ended }: RunReport): number | undefined =>
  ended === undefined ? undefined : (Date.parse(ended) - Date.parse(started)) / 1000;

/** Returns a duration in words, for example `14.2 s` or `3 min 5 s`. */
export function durationText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

const APPROVALS: Readonly<Record<RunReport["approval"], string>> = {
  reviewed: "reviewed before",
  "by hand": "by hand",
  "by condition": "by condition",
  "by option": "by an option",
  none: "none",
};

/** All kinds of approval. */
export const APPROVAL_NAMES = Object.keys(APPROVALS) as RunReport["approval"][];

/** Returns who ran what and when, and what it has changed, with a name for each fact. */
export function factsOf(report: RunReport) {
  const { run, command, author, commit, started, terraform, approval } = report;
  const applied = stacksWith(report, "applied").flatMap(({ plan }) => plan ?? []);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Run", `${command} ${run}`],
    ["By", author.arn === undefined ? author.user : `${author.user} (${author.arn})`],
    ["Job", author.job],
    ["Commit", commit],
    ["Started", started.replace(/\.\d+Z$/, "Z")],
    ["Engine", terraform],
    ["Approval", APPROVALS[approval]],
    ["Applied", applied.length === 0 ? undefined : appliedText(countsOf(applied))],
  ];
  return facts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
}

const appliedText = ({ add, change, replace, destroy, other, weakened }: Counts): string =>
  [
    `${add} added`,
    `${change} changed`,
    `${replace} replaced`,
    `${destroy} destroyed`,
    ...(other > 0 ? [`${other} other`] : []),
    ...(weakened > 0 ? [counted(weakened, "weakened control")] : []),
  ].join(", ");
