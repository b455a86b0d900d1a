import type { Clock } from "../http/clock";
import { lastWorkOf } from "./attempt";
import { DEFAULT_LIMITS, type ReconciliationLimits } from "./limits";
import type { RotatedCredential } from "./rotated-credential";
import type { SecretStore } from "./secret-store";

/**
 * Returns the version on which AWSPENDING is stuck: no rotation works on it any more, and Secrets
 * Manager refuses the next one as long as the label is on a version that is not the current one. AWS
 * leaves it there when a version was promoted and then rolled back, and when a rotation failed for good.
 *
 * @returns undefined if there is none, or a rotation may still work on it
 */
export function stuckVersionOf(
  { history, status, attempt }: RotatedCredential,
  now: number,
  { settled, abandoned }: Pick<ReconciliationLimits, "settled" | "abandoned">,
): string | undefined {
  const pending = history?.versions.find(({ stages }) => stages.includes("AWSPENDING"));
  if (!pending) return undefined;
  const { id, stages, createdAt } = pending;
  // Secrets Manager may be about to remove it itself.
  const isSettled = now - (status.labelsSince ?? now) >= settled;
  if (stages.includes("AWSCURRENT")) return isSettled ? id : undefined;
  // It was the current version, and somebody rolled it back: a version never becomes current twice.
  const wasCurrent = stages.includes("AWSPREVIOUS") || status.versions[id] !== undefined;
  if (wasCurrent) return isSettled ? id : undefined;
  // AWS may list no creation time of a version without a value.
  const lastWork = attempt?.version === id ? lastWorkOf(attempt) : undefined;
  const known = [createdAt, lastWork].filter((time) => time !== undefined);
  const since = known.length > 0 ? Math.max(...known) : (status.labelsSince ?? now);
  return now - since >= abandoned ? id : undefined;
}

/** What the removal of labels needs. */
export interface FreeProps {
  readonly secrets: Pick<SecretStore, "abandon">;
  readonly clock: Clock;
  /** Reads a credential again: a new try may have begun since. */
  readonly readAgain: (credential: RotatedCredential) => Promise<RotatedCredential>;
  /** @default - {@link DEFAULT_LIMITS} */
  readonly limits?: Pick<ReconciliationLimits, "settled" | "abandoned">;
}

/** The labels that a run removed. */
export interface Freed {
  readonly freed: readonly { readonly name: string; readonly version: string }[];
  readonly failures: readonly string[];
}

/**
 * Removes stuck labels; a failure of one does not stop the others. Secrets Manager removes the label
 * only from the version that is named, so a rotation that began in the meantime keeps its own.
 */
export async function freeLabels(
  { secrets, clock, readAgain, limits = DEFAULT_LIMITS }: FreeProps,
  credentials: readonly RotatedCredential[],
): Promise<Freed> {
  const freed: { name: string; version: string }[] = [];
  const failures: string[] = [];
  for (const credential of credentials) {
    const { name, problem, specification, history } = credential;
    if (problem !== undefined || !specification || history?.deletedAt !== undefined) continue;
    const version = stuckVersionOf(credential, clock.now(), limits);
    if (version === undefined) continue;
    try {
      const again = await readAgain(credential);
      if (stuckVersionOf(again, clock.now(), limits) !== version) continue;
      await secrets.abandon(specification.secretArn, version);
      freed.push({ name, version });
    } catch (error) {
      failures.push(`${name}: AWSPENDING stays on version ${version}: ${(error as Error).message}`);
    }
  }
  return { freed, failures };
}
