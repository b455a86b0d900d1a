import type { Clock } from "../http/clock";
import type { ManagedSecretRecord } from "./managed-secret-record";
import type { SecretHistory, SecretStore } from "./secret-store";

/** A credential that is not an OAuth client, as its parameters say. */
export interface ManagedSecret {
  readonly name: string;
  /** Undefined when it cannot be read. */
  readonly record?: ManagedSecretRecord;
  /** Why the record cannot be read. */
  readonly problem?: string;
  /** Day on which its owner was last reminded, such as `2026-11-28`. */
  readonly remindedOn?: string;
}

/** What the owner of a credential is told. It becomes the detail of an event. */
export interface Reminder {
  readonly org: string;
  readonly credential: string;
  readonly kind: string;
  readonly secretArn: string;
  /** Team or person who replaces the credential. */
  readonly owner: string;
  /** Time at which it is due, in ISO 8601. */
  readonly dueAt: string;
  /** Whole days until then; negative when that time has passed. */
  readonly daysLeft: number;
}

/** Inputs of a run that reminds the owners of credentials. */
export interface RemindersProps {
  /** Name of the org in the registry. */
  readonly org: string;
  readonly all: readonly ManagedSecret[];
  readonly secrets: Pick<SecretStore, "history">;
  readonly clock: Clock;
  /** Sends a reminder. */
  readonly send: (reminder: Reminder) => Promise<void>;
  /** Notes the day on which the owner of a credential was reminded. */
  readonly note: (credential: string, day: string) => Promise<void>;
}

/** The result of a run. */
export interface Reminders {
  /** Credentials that should have been replaced, grace included. */
  readonly overdue: readonly string[];
  readonly failures: readonly string[];
}

const DAY = 24 * 3600 * 1000;

/** From so many days before a credential is due, its owner is reminded once a day. */
const REMINDER_DAYS = 14;

/** The same for a credential that lives less than 90 days, whose owner would otherwise be used to it. */
const SHORT_REMINDER_DAYS = 7;

/** Days before a credential is due from which its owner is reminded. */
export const reminderDaysOf = (rotationDays: number): number =>
  rotationDays < 90 ? SHORT_REMINDER_DAYS : REMINDER_DAYS;

/**
 * Reminds the owners of the credentials that nothing can rotate: once a day, from 14 days before a
 * credential is due (7, if it lives less than 90 days) until it is replaced. The age of a credential
 * counts from the creation of its current value. One without a value is due at once, and one that is
 * being deleted never. The day is noted after the reminder: a crash in between repeats a reminder, and
 * loses none.
 */
export async function remindOwners(props: RemindersProps): Promise<Reminders> {
  const overdue: string[] = [];
  const failures: string[] = [];
  for (const { name, record, problem, remindedOn } of props.all) {
    try {
      if (!record) throw new Error(problem ?? "it has no record");
      const history = await props.secrets.history(record.secretArn);
      // Nobody can put a value into it, and its consumers have been told before.
      if (history.deletedAt !== undefined) continue;
      const dueAt = dueAtOf(record, history);
      const now = props.clock.now();
      if (now > dueAt + record.graceDays * DAY) overdue.push(name);
      const today = new Date(now).toISOString().slice(0, 10);
      const isSoon = now >= dueAt - reminderDaysOf(record.rotationDays) * DAY;
      if (record.rotates || !isSoon || remindedOn === today) continue;
      await props.send({
        org: props.org,
        credential: name,
        kind: record.kind,
        secretArn: record.secretArn,
        owner: record.owner,
        dueAt: new Date(dueAt).toISOString(),
        daysLeft: Math.floor((dueAt - now) / DAY),
      });
      await props.note(name, today);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return { overdue, failures };
}

/** Returns the time at which a credential is due. */
function dueAtOf({ rotationDays }: ManagedSecretRecord, history: SecretHistory): number {
  const current = history.versions.find(({ stages }) => stages.includes("AWSCURRENT"));
  if (!current) return history.createdAt ?? 0;
  return (current.createdAt ?? history.createdAt ?? 0) + rotationDays * DAY;
}
