import type { UserError } from "../../errors";
import { wordsOf } from "./failures";
import type { OrgStackFolder, StackResult } from "./for-each-org";
import type { StackPlan } from "./plan-summary";
import type { FailedPlan } from "./plan-text";
import { RefusedError } from "./refused-error";
import type { Outcome, RunReport, StackRun } from "./run-report";

/** The facts about a run that do not depend on its stacks. */
export type RunFacts = Omit<RunReport, "version" | "started" | "ended" | "stacks">;

/** Hears of every change of the report. */
type Keep = (report: RunReport) => void;

/**
 * What has become of each stack in a run, from its begin on: so a run that is killed leaves a report for
 * the next one.
 */
export class Ledger {
  readonly #stacks: Map<string, StackRun>;
  readonly #started: string;

  constructor(
    private readonly facts: RunFacts,
    stacks: readonly OrgStackFolder[],
    private readonly now: () => number,
    private readonly keep: Keep,
  ) {
    this.#started = new Date(now()).toISOString();
    this.#stacks = new Map(
      stacks.map(({ org: { name: org, environment }, stack }) => [
        stack,
        { org, environment, stack, outcome: "not started", seconds: 0 },
      ]),
    );
    keep(this.report());
  }

  /** Notes the plan of a stack. */
  planned(stack: string, plan: StackPlan): void {
    this.note(stack, { plan });
  }

  /** Notes that a step of a stack is repeated. */
  retried(stack: string, reason: string): void {
    this.note(stack, { retries: [...(this.of(stack).retries ?? []), reason] });
  }

  /** Notes that the changes of a stack are not approved. */
  waits(stack: string): void {
    this.note(stack, { outcome: "waiting" });
  }

  /** Notes the end of the work on a stack. */
  ended({ stack: { stack }, end, result, error, seconds }: StackResult<unknown>): StackRun {
    const outcome = outcomeOf(end, result, error);
    const { work = [], seconds: before } = this.of(stack);
    const to = (this.now() - Date.parse(this.#started)) / 1000;
    return this.note(stack, {
      ...(outcome !== undefined && { outcome }),
      ...(error instanceof RefusedError && { differences: error.differences }),
      ...(error && !(error instanceof RefusedError) && { error: wordsOf(error, stack) }),
      work: [...work, { from: Math.max(0, to - seconds), to }],
      seconds: before + seconds,
    });
  }

  /** Notes a problem of a stack that has not changed its outcome, after the error that has. */
  problem(stack: string, { message }: UserError): void {
    const { error } = this.of(stack);
    this.note(stack, { error: error === undefined ? message : `${error}\n\n${message}` });
  }

  /** The stacks that failed. */
  failures(): FailedPlan[] {
    return [...this.#stacks.values()].flatMap(({ org, stack, outcome, error = "" }) =>
      outcome === "failed" ? { org, stack, error } : [],
    );
  }

  of(stack: string): StackRun {
    return this.#stacks.get(stack) as StackRun;
  }

  /** Whether nothing is left to do for a stack. */
  isDone(stack: string): boolean {
    return isDone(this.of(stack));
  }

  report(ended?: string): RunReport {
    return {
      version: 1,
      ...this.facts,
      started: this.#started,
      ...(ended !== undefined && { ended }),
      stacks: [...this.#stacks.values()],
    };
  }

  /** Ends the run, and returns its report. */
  end(): RunReport {
    const report = this.report(new Date(this.now()).toISOString());
    this.keep(report);
    return report;
  }

  private note(stack: string, news: Partial<StackRun>): StackRun {
    const run = { ...this.of(stack), ...news };
    this.#stacks.set(stack, run);
    this.keep(this.report());
    return run;
  }
}

/** Whether nothing is left to do for a stack of a run. */
export const isDone = ({ outcome }: Pick<StackRun, "outcome">): boolean =>
  outcome === "applied" || outcome === "unchanged";

/** Undefined for a step that was not the last one. */
function outcomeOf(
  end: StackResult<unknown>["end"],
  result: unknown,
  error: UserError | undefined,
): Outcome | undefined {
  if (error instanceof RefusedError) return "refused";
  if (end !== "done") return end;
  return result === "applied" || result === "unchanged" ? result : undefined;
}
