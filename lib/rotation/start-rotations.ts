import type { Clock } from "../http/clock";
import type { RotationWindow } from "../registry/rotation-window";
import { isDue, type Schedule, startOf } from "./due";
import { currentVersionOf } from "./history";
import { DEFAULT_LIMITS, type ReconciliationLimits } from "./limits";
import type { RotatedCredential } from "./rotated-credential";
import type { SecretHistory, SecretStore } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** What the starts of a run need. */
export interface StartProps {
  readonly secrets: Pick<SecretStore, "rotate">;
  readonly clock: Clock;
  /** @default - {@link DEFAULT_LIMITS} */
  readonly limits?: Pick<
    ReconciliationLimits,
    "mostStarts" | "mostStartTries" | "longestStarts" | "startAgain"
  >;
  /**
   * Times in which rotations may begin.
   * @default - any time
   */
  readonly windows?: readonly RotationWindow[];
}

/** The rotations that a run started. */
export interface Starts {
  /** Names of credentials. */
  readonly started: readonly string[];
  readonly failures: readonly string[];
  /** Number of due rotations that the run did not try to start. */
  readonly left: number;
}

/** Returns what the next rotation of a credential depends on; undefined without a current version. */
export function scheduleOf(
  { secretArn, rotationDays }: Pick<ClientSpecification, "secretArn" | "rotationDays">,
  history: SecretHistory | undefined,
  windows: readonly RotationWindow[] = [],
): Schedule | undefined {
  const { createdAt: rotatedAt } = currentVersionOf(history) ?? {};
  return rotatedAt === undefined ? undefined : { secretArn, rotatedAt, rotationDays, windows };
}

/**
 * Starts the rotations that are due, the latest first. A failure of one does not stop the others, and
 * the next run tries it again. They have time of their own, since other work may use up that of the run.
 */
export async function startRotations(
  { secrets, clock, limits = DEFAULT_LIMITS, windows }: StartProps,
  credentials: readonly RotatedCredential[],
): Promise<Starts> {
  const started: string[] = [];
  const failures: string[] = [];
  const begun = clock.now();
  const due = dueAmong(credentials, begun, limits, windows);
  const tries = () => started.length + failures.length;
  for (const { name, secretArn } of due) {
    if (started.length >= limits.mostStarts || tries() >= limits.mostStartTries) break;
    if (clock.now() - begun > limits.longestStarts) break;
    try {
      await secrets.rotate(secretArn);
      started.push(name);
    } catch (error) {
      failures.push(`${name}: its rotation could not be started: ${(error as Error).message}`);
    }
  }
  return { started, failures, left: due.length - tries() };
}

/** Returns all credentials whose rotation may begin now, those with the earliest time first. */
export function dueAmong(
  credentials: readonly RotatedCredential[],
  now: number,
  { startAgain }: Pick<ReconciliationLimits, "startAgain">,
  windows?: readonly RotationWindow[],
): { readonly name: string; readonly secretArn: string }[] {
  return credentials
    .flatMap(({ name, problem, retiring, specification, history }) => {
      if (problem !== undefined || retiring || !specification || !history) return [];
      const schedule = scheduleOf(specification, history, windows);
      if (!schedule || !mayStart(history, now - startAgain) || !isDue(now, schedule)) return [];
      return { name, secretArn: specification.secretArn, at: startOf(schedule) };
    })
    .sort((one, other) => one.at - other.at);
}

/**
 * Whether a secret rotates, and nothing else works on it. Secrets Manager repeats a rotation that
 * failed by itself, so another one has time.
 *
 * @param since time after which no other version may have been created
 */
function mayStart({ rotates, deletedAt, versions }: SecretHistory, since: number): boolean {
  if (rotates === false || deletedAt !== undefined) return false;
  return versions.every(
    ({ stages, createdAt = 0 }) =>
      stages.includes("AWSCURRENT") || (!stages.includes("AWSPENDING") && createdAt < since),
  );
}
