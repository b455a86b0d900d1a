import type { RotationWindow } from "../../lib/registry/rotation-window";
import { deadlineOf, isDue, type Schedule, startOf } from "../../lib/rotation/due";
import { openTimes } from "../../lib/rotation/windows";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// A Saturday.
const rotatedAt = Date.parse("2026-11-28T10:30:00Z");

const scheduleOf = (patch: Partial<Schedule> = {}, number = 1): Schedule => ({
  secretArn: `arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/c${number}-AbCdEf`,
  rotatedAt,
  rotationDays: 90,
  windows: [],
  ...patch,
});
const many = (patch?: Partial<Schedule>) =>
  Array.from({ length: 200 }, (_, number) => scheduleOf(patch, number));

describe("a rotation starts", () => {
  test.each([1, 2, 7, 30, 90, 180, 365])("before the deadline of %d days", (rotationDays) => {
    for (const schedule of many({ rotationDays })) {
      const start = startOf(schedule);
      expect(start).toBeLessThanOrEqual(deadlineOf(schedule) - 3 * HOUR);
      // A new value must not be replaced at once.
      expect(start).toBeGreaterThanOrEqual(rotatedAt + (rotationDays * DAY) / 2);
    }
  });

  test("before Secrets Manager's own schedule opens, at the midnight before the deadline", () => {
    const midnight = Date.parse("2027-02-26T00:00:00Z");
    expect(deadlineOf(scheduleOf())).toBe(midnight + 10.5 * HOUR);
    for (const schedule of many()) expect(startOf(schedule)).toBeLessThan(midnight - HOUR);
  });

  test("at a time of its own: a tenth of the interval is used evenly", () => {
    const starts = many().map(startOf);
    const spread = Math.max(...starts) - Math.min(...starts);
    expect(spread).toBeGreaterThan(8.5 * DAY);
    expect(spread).toBeLessThanOrEqual(9 * DAY);
    const days = starts.map((at) => Math.floor(at / DAY));
    const perDay = days.map((day) => days.filter((other) => other === day).length);
    expect(Math.max(...perDay)).toBeLessThan(40);
  });

  test("at the same time whenever it is asked", () => {
    expect(startOf(scheduleOf())).toBe(startOf(scheduleOf()));
  });

  test("over some hours, even if it rotates every day", () => {
    const starts = many({ rotationDays: 1 }).map(startOf);
    expect(new Set(starts.map((at) => Math.floor(at / HOUR))).size).toBeGreaterThanOrEqual(1);
    for (const start of starts) expect(start).toBeLessThanOrEqual(rotatedAt + 21 * HOUR);
  });
});

describe("in windows", () => {
  const nights: RotationWindow[] = [{ from: "02:00", to: "05:00" }];
  const weekends: RotationWindow[] = [{ days: ["saturday"], from: "22:00", to: "02:00" }];
  const isIn = (windows: RotationWindow[], at: number) =>
    openTimes(windows, { from: at, to: at + 1 }).length > 0;

  test.each([
    ["every night", nights],
    ["one that crosses midnight, once a week", weekends],
  ])("%s: a rotation starts in one of them", (_, windows) => {
    for (const schedule of many({ windows })) {
      expect(isIn(windows, startOf(schedule))).toBe(true);
      expect(startOf(schedule)).toBeLessThanOrEqual(deadlineOf(schedule) - 3 * HOUR);
    }
  });

  test("it is spread over all of their time", () => {
    const hours = many({ windows: nights }).map((each) => new Date(startOf(each)).getUTCHours());
    expect(new Set(hours)).toEqual(new Set([2, 3, 4]));
  });

  test("it starts in the last one before the deadline, if that is earlier than usual", () => {
    // 30 days have a spread of three days, and the deadline is on a Monday.
    const windows: RotationWindow[] = [{ days: ["thursday"], from: "02:00", to: "05:00" }];
    for (const schedule of many({ windows, rotationDays: 30 })) {
      const start = new Date(startOf(schedule)).toISOString();
      expect(start).toMatch(/^2026-12-24T0[2-4]:/);
    }
  });

  test("it does not wait for one beyond the deadline", () => {
    const schedule = scheduleOf({ windows: weekends, rotationDays: 2 });
    expect(startOf(schedule)).toBeLessThanOrEqual(deadlineOf(schedule) - 3 * HOUR);
  });

  test("if no run was in time, it waits for the next window, and not longer than to the deadline", () => {
    const schedule = scheduleOf({ windows: nights });
    const start = startOf(schedule);
    const closed = Math.floor(start / DAY) * DAY + 6 * HOUR;
    expect(isDue(start, schedule)).toBe(true);
    expect(isDue(start - 1, schedule)).toBe(false);
    expect(isDue(closed, schedule)).toBe(false);
    expect(isDue(Date.parse("2027-02-25T06:00:00Z"), schedule)).toBe(true);
  });

  test("windows that overlap count once", () => {
    const windows: RotationWindow[] = [...nights, { from: "04:00", to: "06:00" }];
    const day = Date.parse("2026-11-28T00:00:00Z");
    expect(openTimes(windows, { from: day, to: day + DAY })).toEqual([
      { from: day + 2 * HOUR, to: day + 6 * HOUR },
    ]);
  });
});
