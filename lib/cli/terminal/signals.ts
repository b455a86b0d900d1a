import { setMaxListeners } from "node:events";
import { constants } from "node:os";
import { cleanUpNow, workAtStake } from "../../terraform/cleanup";

/** The wish of the operator, or of the machine, to stop this process. */
export interface Stop {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  /** Exit code of a process that was stopped; undefined if it was not. */
  exitCode(): number | undefined;
}

/**
 * Stops cleanly with the first signal, and lets Terraform end. With the next Ctrl-C it stops at once, but
 * if that would leave something half done, it says so and waits for another one. A CI system sends
 * SIGTERM some seconds after SIGINT: that is no second Ctrl-C.
 */
export function listenToSignals(stderr: Pick<NodeJS.WriteStream, "write">): Stop {
  const stop = new AbortController();
  // Each organisation and each child listens; Node would warn from the eleventh on.
  setMaxListeners(0, stop.signal);
  let stoppedBy: NodeJS.Signals | undefined;
  let isWarned = false;

  function again(signal: NodeJS.Signals): void {
    if (signal !== "SIGINT") return;
    const work = workAtStake();
    if (work.length > 0 && !isWarned) {
      isWarned = true;
      stderr.write(`\n${warning(work)}\n`);
      return;
    }
    cleanUpNow();
    process.exit(128 + constants.signals[signal]);
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stoppedBy) return again(signal);
      stoppedBy = signal;
      const work = workAtStake();
      const rest = work.length === 0 ? "" : ` when Terraform has ended for ${work.join(", ")}`;
      stderr.write(`\nstopping${rest}; press Ctrl-C again to stop at once\n`);
      stop.abort();
    });
  }
  return {
    signal: stop.signal,
    exitCode: () => stoppedBy && 128 + constants.signals[stoppedBy],
  };
}

const warning = (work: readonly string[]): string =>
  [
    "Terraform is still ending for these stacks. Killing it now would leave their locks, and objects that are in no state:",
    ...work.map((name) => `  ${name}`),
    "Press Ctrl-C once more to kill it all the same.",
  ].join("\n");
