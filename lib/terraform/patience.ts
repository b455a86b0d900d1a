import type { ChildResult } from "./child";
import { failureText } from "./diagnostics";
import { type LockHolder, lockHolderIn } from "./held-lock";
import { transientReason } from "./transient-errors";

/** How long a step waits for what goes away by itself, and who hears of it. */
export interface Patience {
  /** Milliseconds to wait for a lock. */
  readonly lockTimeout: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects when the caller wants to stop. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @param until the time when the wait ends */
  readonly onLocked?: (holder: LockHolder, until: number) => void;
  /** @param milliseconds until the next try */
  readonly onRetry?: (reason: string, milliseconds: number) => void;
}

/** Milliseconds, as Terraform's own wait for a lock has them. */
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 16_000];
/** Milliseconds before the second and the third try after a transient error. */
const RETRIES = [5_000, 20_000];

/**
 * Runs a step that takes a lock, and repeats it until the lock is free. Terraform waits as well
 * (`-lock-timeout`), but says nothing about the holder until it gives up.
 *
 * @param patience undefined for a single try
 * @param repeatable whether the step changes nothing, so that it is repeated after a transient error too
 * @returns the last result
 */
export async function withPatience(
  step: () => Promise<ChildResult>,
  patience: Patience | undefined,
  repeatable: boolean,
): Promise<ChildResult> {
  if (!patience) return step();
  const { lockTimeout, now, sleep, onLocked, onRetry } = patience;
  const until = now() + lockTimeout;
  const retries = repeatable ? [...RETRIES] : [];
  for (let wait = FIRST_WAIT; ; ) {
    const result = await step();
    if (result.code === 0) return result;
    const holder = lockHolderIn(result.stderr);
    const left = until - now();
    if (holder && left > 0) {
      onLocked?.(holder, until);
      await sleep(Math.min(wait, left));
      wait = Math.min(wait * 2, LONGEST_WAIT);
      continue;
    }
    const reason = holder ? undefined : transientReason(failureText(result));
    const pause = reason === undefined ? undefined : retries.shift();
    if (reason === undefined || pause === undefined) return result;
    onRetry?.(reason, pause);
    await sleep(pause);
  }
}
