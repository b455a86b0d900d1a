import type { Outcome, RunReport, StackRun } from "./run-report";

/** Exit code of a run: `1` something failed, `3` a reviewed change no longer holds, `2` something waits. */
type ExitCode = 0 | 1 | 2 | 3;

/** Exit codes by outcome, and the outcomes in the order of their urgency. */
const EXIT_CODES: Readonly<Record<Outcome, ExitCode>> = {
  failed: 1,
  stopped: 1,
  refused: 3,
  "not started": 1,
  waiting: 2,
  applied: 0,
  unchanged: 0,
};

/** All outcomes, the most urgent first. */
export const OUTCOMES = Object.keys(EXIT_CODES) as Outcome[];

/** Exit codes, the worst first. */
const WORST_FIRST: readonly ExitCode[] = [1, 3, 2, 0];

/**
 * Returns the exit code of a run: that of its worst outcome. A stack that was not started counts only if
 * no other says why.
 */
export function exitCodeOf({ stacks }: Pick<RunReport, "stacks">): ExitCode {
  const started = stacks.filter(({ outcome }) => outcome !== "not started");
  const isCut = started.length < stacks.length;
  const codes = new Set(started.map(({ outcome }) => EXIT_CODES[outcome]));
  if (isCut && [...codes].every((code) => code === 0)) return 1;
  return WORST_FIRST.find((code) => codes.has(code)) ?? 0;
}

/** Returns the stacks of a run with one of these outcomes. */
export const stacksWith = (
  { stacks }: Pick<RunReport, "stacks">,
  ...outcomes: readonly Outcome[]
): StackRun[] => stacks.filter(({ outcome }) => outcomes.includes(outcome));
