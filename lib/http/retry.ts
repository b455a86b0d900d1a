// When a request may be sent again, and after how long.

const FIRST_DELAY = 500;
/** Longest wait between two attempts that no answer asked for, in milliseconds. */
export const LONGEST_DELAY = 20_000;
/** A longer wait is not accepted: the rotator's Lambda would time out first. */
export const LONGEST_RETRY_AFTER = 60_000;

/** Whether a failure may pass by itself; an undefined status means that no answer came. */
export const isTransient = (status: number | undefined): boolean =>
  status === undefined || status === 408 || status === 429 || (status >= 500 && status !== 501);

/** Whether the API may have done the work all the same. */
export const isUncertain = (status: number | undefined): boolean =>
  isTransient(status) && status !== 429;

/** Returns the milliseconds that a `Retry-After` asks to wait: it has seconds, or a date. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Returns the longest wait after an attempt, counted from 1. The wait itself is random (full jitter). */
export const backoff = (attempt: number): number =>
  Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
