import { counted } from "../../counted";
import type { LockHolder } from "../../terraform/held-lock";
import type { Patience } from "../../terraform/patience";
import { holderText } from "../project/held-locks";
import { type Io, pause } from "../terminal/io";
import { startProgress } from "../terminal/progress";
import type { OrgStackFolder, StackListener, StackResult } from "./for-each-org";

/** The display of the work on many stacks: a line for each that is running, or a line for each event. */
export interface RunView extends StackListener {
  /** Shows what is being done to a stack. */
  phase(stack: string, text: string): void;
  /** Returns the patience of a stack's steps, which the view shows. */
  patienceOf(stack: OrgStackFolder): Patience;
  stop(): void;
}

/** Texts and limits of a {@link RunView}. */
export interface RunViewProps {
  /** Shown first, for example `planning 4 stacks`. */
  readonly title: string;
  /** Number of stacks. */
  readonly total: number;
  /** The end of a successful work, for example `planned`. */
  readonly done: (result: StackResult<unknown>) => string;
  /** Milliseconds to wait for a lock. */
  readonly lockTimeout: number;
  /** Called before a step is repeated after a transient error. @default - nobody */
  readonly onRetry?: (stack: string, reason: string) => void;
}

/** Milliseconds between two lines about the same wait where no display is live. */
const REMIND = 60_000;

/** Starts a {@link RunView} on stderr. */
export async function startRunView(io: Io, props: RunViewProps): Promise<RunView> {
  const { title, total, done, lockTimeout, onRetry } = props;
  const progress = await startProgress(io);
  progress.step(title);
  const running = new Map<string, { readonly since: number; text: string }>();
  let [ended, failed] = [0, 0];
  const show = () => {
    const bad = failed > 0 ? `, ${failed} failed` : "";
    const rows = [...running].map(
      ([stack, { since, text }]) => `${stack}  ${text}  ${seconds(io.now() - since)}`,
    );
    progress.list(`${ended} of ${counted(total, "stack")}${bad}`, rows);
  };
  const timer = progress.isLive ? setInterval(show, 1_000).unref() : undefined;
  const phase = (stack: string, text: string) => {
    const row = running.get(stack);
    if (row) row.text = text;
    if (progress.isLive) show();
  };
  return {
    onStart: ({ stack }) => {
      running.set(stack, { since: io.now(), text: "starting" });
      if (progress.isLive) show();
    },
    onEnd: (result) => {
      const { stack, end, seconds: took } = result;
      running.delete(stack.stack);
      ended += 1;
      if (end === "failed") failed += 1;
      const text = end === "done" ? done(result) : end;
      // On a live display, those that ended well collapse into the count.
      if (!progress.isLive || end !== "done") {
        progress.line(`${stack.stack}: ${text} in ${took.toFixed(1)} s`);
      }
      if (progress.isLive) show();
    },
    phase,
    patienceOf: ({ stack }) => {
      let reminded = Number.NEGATIVE_INFINITY;
      return {
        lockTimeout,
        now: io.now,
        sleep: (milliseconds) => pause(io, milliseconds),
        onLocked: (holder: LockHolder, until: number) => {
          const now = io.now();
          const text = `waits for the lock of ${holderText({ ...holder, path: "" }, now)}; ${seconds(until - now)} left`;
          phase(stack, text);
          if (progress.isLive || now - reminded < REMIND) return;
          reminded = now;
          progress.line(`${stack}: ${text}`);
        },
        onRetry: (reason, milliseconds) => {
          onRetry?.(stack, reason);
          progress.line(`${stack}: ${reason}: tries again in ${seconds(milliseconds)}`);
        },
      };
    },
    stop: () => {
      clearInterval(timer);
      progress.stop();
    },
  };
}

/** For example `45 s` or `4 min 12 s`. */
function seconds(milliseconds: number): string {
  const all = Math.max(0, Math.round(milliseconds / 1000));
  return all < 60 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
}
