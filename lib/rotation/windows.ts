import { type RotationWindow, WEEKDAYS } from "../registry/rotation-window";

/** A span of time, in milliseconds since 1970; its end does not belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * Returns the parts of a span in which rotations may begin, in order and without overlaps.
 * @param windows an empty list means any time
 */
export function openTimes(windows: readonly RotationWindow[], { from, to }: Span): Span[] {
  if (to <= from) return [];
  if (windows.length === 0) return [{ from, to }];
  const open: Span[] = [];
  // From the day before, since a window may cross midnight.
  for (let day = startOfDay(from) - DAY; day < to; day += DAY) {
    for (const window of windows) open.push(...spansOn(window, day));
  }
  const spans: Span[] = [];
  for (const each of open.sort((one, other) => one.from - other.from)) {
    const span = { from: Math.max(from, each.from), to: Math.min(to, each.to) };
    if (span.to <= span.from) continue;
    const last = spans.at(-1);
    if (!last || last.to < span.from) spans.push(span);
    else spans.splice(-1, 1, { from: last.from, to: Math.max(last.to, span.to) });
  }
  return spans;
}

export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;

/** Returns the window as it begins on a day. */
function spansOn({ days = WEEKDAYS, from, to }: RotationWindow, day: number): Span[] {
  const weekday = WEEKDAYS[new Date(day).getUTCDay()];
  if (weekday === undefined || !days.includes(weekday)) return [];
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const length = end > begin ? end - begin : end - begin + DAY;
  return [{ from: day + begin, to: day + begin + length }];
}

/** @param time for example `02:30` */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * MINUTE;
}
