/** Shortest reason of a waiver, in characters: enough to rule out "ok" and "todo". */
export const SHORTEST_REASON = 10;

/** Whether a text will do as the reason of a waiver. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= SHORTEST_REASON;
}
