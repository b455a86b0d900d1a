/** A rule that code has waived for a place, as the synthesized JSON records it. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
  /** Path of the waived construct. One waiver may cover many blocks. */
  readonly waivedAt: string;
  /**
   * The last day of the waiver, `YYYY-MM-DD` in UTC.
   * @default - it has no end
   */
  readonly until?: string;
}

/** Minimum length of a waiver's reason in characters. It excludes "ok" and "todo". */
export const SHORTEST_REASON = 10;

/** Whether a text is long enough for the reason of a waiver. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= SHORTEST_REASON;
}

/** Whether a text is a day that exists, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && dayOf(time) === text;
}

/**
 * Whether a waiver has ended. One whose end is no day has ended, since nobody can tell.
 * @param now milliseconds since 1970
 */
export function hasEnded({ until }: Pick<Waiver, "until">, now: number): boolean {
  return until !== undefined && !(isDay(until) && dayOf(now) <= until);
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * Returns the waivers that `Policies.waive` wrote under the comment key `//` of a block or a stack.
 * @param construct path of the block's construct, if the JSON does not say where the waiver is
 */
export function waiversOf(body: object, construct: string): Waiver[] {
  const { waivers, waivedAt, waivedUntil } = objectIn(objectIn(body)["//"]);
  return Object.entries(objectIn(waivers)).map(([rule, reason]) => {
    const until = objectIn(waivedUntil)[rule];
    return {
      rule,
      reason: textIn(reason) ?? "",
      waivedAt: textIn(objectIn(waivedAt)[rule]) ?? construct,
      // Any value is an end, also one that cannot be read.
      ...(until !== undefined && { until: textIn(until) ?? JSON.stringify(until) }),
    };
  });
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const textIn = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
