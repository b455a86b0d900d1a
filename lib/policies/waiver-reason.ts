/** Minimum length of a waiver's reason in characters. It excludes "ok" and "todo". */
export const SHORTEST_REASON = 10;

/** Whether a text is long enough for the reason of a waiver. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= SHORTEST_REASON;
}
