import { counted } from "../counted";
import { SENSITIVITIES } from "../registry/classification";
import type { SecretReport } from "../registry/report";
import { reminderDaysOf } from "../rotation/reminders";
import type { LiveSecret } from "./live-secret";

/** What to think of a credential, the worst first. */
export const VERDICTS = [
  "missing",
  "refused",
  "overdue",
  "failed",
  "off",
  "empty",
  "due",
  "retiring",
  "ok",
  "elsewhere",
  "planned",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdicts about which somebody must do something now: those before `due`. */
export const ALARMING: ReadonlySet<Verdict> = new Set(VERDICTS.slice(0, VERDICTS.indexOf("due")));

const DAY = 24 * 3_600_000;

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Returns what to think of a credential.
 * @param now milliseconds since 1970
 */
export function judge(secret: SecretReport, live: LiveSecret | undefined, now: number): Judgement {
  if (secret.rotation === "elsewhere") {
    return { verdict: "elsewhere", reason: `rotated by ${secret.rotatedBy ?? "another system"}` };
  }
  if (!live) return { verdict: "planned", reason: "" };
  return (
    lost(live) ??
    tooOld(secret, live, now) ??
    unrotated(secret, live) ??
    due(secret, live, now) ?? { verdict: "ok", reason: "" }
  );
}

function lost({ exists, deletedAt, refusedSince }: LiveSecret): Judgement | undefined {
  if (!exists) return { verdict: "missing", reason: "the secret does not exist: apply the stack" };
  if (deletedAt !== undefined) {
    return { verdict: "missing", reason: "it is scheduled for deletion: restore it" };
  }
  return refusedSince === undefined
    ? undefined
    : { verdict: "refused", reason: `its value has not worked since ${day(refusedSince)}` };
}

function tooOld(
  { sensitivity }: SecretReport,
  { deadline, retiring }: LiveSecret,
  now: number,
): Judgement | undefined {
  const grace = SENSITIVITIES[sensitivity].graceDays * DAY;
  if (retiring || deadline === undefined || now <= deadline + grace) return undefined;
  const days = Math.floor((now - deadline) / DAY);
  return { verdict: "overdue", reason: `${counted(days, "day")} older than its class allows` };
}

function unrotated(
  { rotation }: SecretReport,
  { lastAttempt, rotates, rotatedAt, retiring }: LiveSecret,
): Judgement | undefined {
  if (retiring) return { verdict: "retiring", reason: "its clients are taken out of use" };
  if (lastAttempt?.result === "failed") {
    return { verdict: "failed", reason: lastAttempt.message ?? "its last rotation failed" };
  }
  if (rotation === "automatic" && rotates === false) {
    return { verdict: "off", reason: "its rotation is switched off" };
  }
  return rotatedAt === undefined ? { verdict: "empty", reason: "it has no value yet" } : undefined;
}

function due(
  { rotation, rotationDays }: SecretReport,
  { deadline }: LiveSecret,
  now: number,
): Judgement | undefined {
  if (deadline === undefined) return undefined;
  const notice = rotation === "by hand" ? reminderDaysOf(rotationDays) * DAY : 0;
  if (now < deadline - notice) return undefined;
  const who = rotation === "by hand" ? "a person must rotate it" : "it rotates";
  return { verdict: "due", reason: `${who} by ${day(deadline)}` };
}

/** The day of a time, in UTC. */
export const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
