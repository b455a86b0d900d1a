import { createHash } from "node:crypto";
import type { RotationWindow } from "../registry/rotation-window";
import { openTimes, type Span, startOfDay } from "./windows";

/** What the time of a rotation depends on. Times are in milliseconds since 1970. */
export interface Schedule {
  readonly secretArn: string;
  /** Creation of the current version. */
  readonly rotatedAt: number;
  /** Most days that a version may be the current one. */
  readonly rotationDays: number;
  /** Times in which rotations may begin; an empty list means any time. */
  readonly windows: readonly RotationWindow[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Time before the deadline for late runs of the reconciler, and for attempts that fail. */
const RESERVE = 3 * HOUR;

/** Part of the interval over which the rotations of credentials of the same age are spread. */
const SPREAD = 0.1;
const LEAST_SPREAD = 6 * HOUR;

/** Returns the time at which the current version is as old as it may be. */
export const deadlineOf = ({ rotatedAt, rotationDays }: Schedule): number =>
  rotatedAt + rotationDays * DAY;

/**
 * Returns the time from which the reconciler starts the next rotation. Credentials that were created
 * together rotate at different times, each at one of its own, and before Secrets Manager would start it.
 */
export function startOf(schedule: Schedule): number {
  const { secretArn, windows } = schedule;
  const last = lastStartOf(schedule);
  const interval = schedule.rotationDays * DAY;
  const earliest = Math.min(last, schedule.rotatedAt + interval / 2);
  const from = Math.max(earliest, last - Math.max(SPREAD * interval, LEAST_SPREAD));
  const spread = openTimes(windows, { from, to: last });
  if (spread.length > 0) return pointIn(spread, secretArn);
  // The last window before the deadline, unless it is too early: a deadline counts more than a window.
  const before = openTimes(windows, { from: earliest, to: from }).slice(-1);
  return pointIn(before.length > 0 ? before : [{ from, to: last }], secretArn);
}

/** Whether a rotation may begin now. */
export function isDue(now: number, schedule: Schedule): boolean {
  if (now < startOf(schedule)) return false;
  const last = lastStartOf(schedule);
  const { windows } = schedule;
  if (openTimes(windows, { from: now, to: now + 1 }).length > 0) return true;
  // It missed its window. It waits for another one only if that is early enough.
  return openTimes(windows, { from: now, to: last }).length === 0;
}

/**
 * Returns the time at which a rotation must have begun. Secrets Manager's own schedule opens at the
 * midnight before the deadline, for all credentials of one age at once.
 */
function lastStartOf(schedule: Schedule): number {
  const { rotatedAt, rotationDays } = schedule;
  const deadline = deadlineOf(schedule);
  const last = Math.min(deadline - RESERVE, startOfDay(deadline) - HOUR);
  return Math.max(last, rotatedAt + (rotationDays * DAY) / 2);
}

/** Returns the point of some spans that belongs to a secret: all points are equally likely. */
function pointIn(spans: readonly Span[], secretArn: string): number {
  const length = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  let left = Math.floor(fractionOf(secretArn) * length);
  for (const { from, to } of spans) {
    if (left < to - from) return from + left;
    left -= to - from;
  }
  return spans.at(-1)?.to ?? 0;
}

/** Returns a number that belongs to a secret, from 0 to 2^32 - 1. */
export const numberOf = (secretArn: string): number =>
  createHash("sha256").update(secretArn).digest().readUInt32BE();

const fractionOf = (secretArn: string): number => numberOf(secretArn) / 2 ** 32;
