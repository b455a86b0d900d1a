import type { Step } from "./rotate";

/**
 * The rotator's note about its last attempt to rotate a credential. It is a parameter of its own, since
 * Systems Manager has no conditional write: with two writers, one would overwrite the other's notes.
 */
export interface RotationAttempt {
  /** Time of the note. Milliseconds since 1970. */
  readonly at: number;
  /** The version of the secret that was prepared. */
  readonly version: string;
  readonly step: Step;
  readonly result: "started" | "failed" | "succeeded";
  /** The reason of a failure; never a secret. */
  readonly message?: string;
  /** Time of the last try of the same version that has no result yet. */
  readonly triedAt?: number;
}

/** Reads a note; one that cannot be read counts as none. */
export function readAttempt(text: string | undefined): RotationAttempt | undefined {
  try {
    const attempt = JSON.parse(text ?? "null") as RotationAttempt | null;
    return typeof attempt?.at === "number" && typeof attempt.version === "string"
      ? attempt
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the rotator knows after a part of its work. */
export type Progress = Omit<RotationAttempt, "at" | "message" | "triedAt"> & {
  readonly error?: unknown;
};

/**
 * Returns the note to write; undefined if the note before says enough. A good rotation writes two:
 * when it starts, and when it has succeeded. A failure stays until the version has succeeded, so that
 * its reason can be read while Secrets Manager tries again.
 *
 * @param now milliseconds since 1970
 */
export function noteOf(
  before: RotationAttempt | undefined,
  { version, step, result, error }: Progress,
  now: number,
): RotationAttempt | undefined {
  const isKnown = before?.version === version;
  if (result === "started" && isKnown) {
    return now - lastWorkOf(before) < FRESH ? undefined : { ...before, triedAt: now };
  }
  // A repeated last step has nothing to do.
  if (result === "succeeded" && isKnown && before.result === "succeeded") return undefined;
  const message = result === "failed" ? withoutSecrets(messageOf(error)) : undefined;
  return { at: now, version, step, result, message };
}

/** Age of a note from which another try of the same version is noted. Milliseconds. */
const FRESH = 30 * 60_000;

/** Returns the time at which the rotator last began or ended work on the version. */
export const lastWorkOf = ({ at, triedAt = at }: RotationAttempt): number => Math.max(at, triedAt);

/** @param thrown anything can be thrown */
const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** Longest message, in characters: the parameter has room for 4096 bytes. */
const LONGEST_MESSAGE = 500;

/**
 * Our messages never contain a secret. Here, where everyone who may read parameters sees them, this
 * holds for messages of others as well: whatever is as long as a client secret or a token is left out.
 */
const withoutSecrets = (message: string): string =>
  message.replace(/[\w~+-]{40,}/g, "(not shown)").slice(0, LONGEST_MESSAGE);
