// Without imports, so that constructs, commands and Lambda functions can all use it.

/** Day of the week. */
export type Weekday =
  | "sunday"
  | "monday"
  | "tuesday"
  | "wednesday"
  | "thursday"
  | "friday"
  | "saturday";

/** Days of the week, in the order of JavaScript's `getUTCDay`. */
export const WEEKDAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const satisfies readonly Weekday[];

/** Time in which rotations may begin, in UTC. */
export interface RotationWindow {
  /**
   * Days on which the window begins.
   * @default - every day
   * @example ["saturday", "sunday"]
   */
  readonly days?: readonly Weekday[];
  /**
   * Time at which the window begins.
   * @example "02:00"
   */
  readonly from: string;
  /**
   * Time at which the window ends, at least two hours later. An earlier time than `from` is on the next
   * day.
   * @example "05:00"
   */
  readonly to: string;
}

/** Shortest length of a window, in minutes: the reconciler runs every hour, and may be 15 minutes late. */
const SHORTEST_WINDOW = 120;
const DAY = 24 * 60;

/** Whether the reconciler is sure to run in a window. */
export function isLongEnough({ from, to }: Pick<RotationWindow, "from" | "to">): boolean {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  // Another check refuses a time that is no number.
  return !((minutes(to) - minutes(from) + DAY) % DAY < SHORTEST_WINDOW);
}
