import { UserError } from "../../../errors";
import { ApiError, BreakerOpenError } from "../../../http/api-error";

/** The groups of checks. */
export const GROUPS = ["aws", "state", "vault", "secrets", "genesys"] as const;
export type Group = (typeof GROUPS)[number];

/** The outcome of a check. */
export interface Outcome {
  readonly status: "ok" | "failed" | "not checked";
  /** The finding, or the reason why there is none: one line without a secret. */
  readonly detail: string;
  /** The fix of a failure. */
  readonly fix?: string;
}

/** A finished check. */
export interface Check extends Outcome {
  readonly group: Group;
  readonly check: string;
}

export const ok = (detail: string): Outcome => ({ status: "ok", detail: oneLine(detail) });
export const notChecked = (detail: string): Outcome => ({
  status: "not checked",
  detail: oneLine(detail),
});
export const failed = (detail: string, fix?: string): Outcome => ({
  status: "failed",
  detail: oneLine(detail),
  fix,
});

// Foreign texts may contain line breaks, and characters that control a terminal.
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, " ").trim();

/** The time limit of checks, and the signal that stops them. */
export interface Bounds {
  /** Milliseconds for each check. */
  readonly limit: number;
  /** Aborts when the operator wants to stop. */
  readonly signal: AbortSignal;
}

/** Returns the cause and the fix of an error; undefined if the error says enough. */
export type Explain = (error: Error) => Outcome | undefined;

/** The checks of one group, in their order. */
export class Checklist {
  readonly checks: Check[] = [];

  constructor(
    private readonly group: Group,
    private readonly bounds: Bounds,
  ) {}

  /** Makes a check. An error that it throws is a failure of the check, not of the command. */
  async run(check: string, work: () => Promise<Outcome>, explain?: Explain): Promise<Outcome> {
    return this.settle(check, () => within(this.bounds, work()), explain);
  }

  /** As {@link run}, for a check with limits of its own. */
  async settle(
    check: string,
    work: () => Promise<Outcome>,
    explain: Explain = () => undefined,
  ): Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = await work();
    } catch (error) {
      this.bounds.signal.throwIfAborted();
      const isExpected = EXPECTED.some((kind) => error instanceof kind);
      if (!isExpected) throw error;
      outcome = explain(error as Error) ?? failed((error as Error).message);
    }
    return this.add(check, outcome);
  }

  add(check: string, outcome: Outcome): Outcome {
    this.checks.push({ group: this.group, check, ...outcome });
    return outcome;
  }
}

/** The time limit of a check has passed. */
export class TimeLimitError extends UserError {}

const EXPECTED = [UserError, ApiError, BreakerOpenError];

/**
 * Waits for work within its bounds.
 *
 * @throws TimeLimitError when the time limit has passed; the signal's reason when it aborts
 */
export async function within<Result>(
  { limit, signal }: Bounds,
  work: Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new TimeLimitError(`no answer within ${limit / 1000} s`));
    }, limit);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    over.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    over.abort();
  }
}
