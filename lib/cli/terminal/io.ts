import { setTimeout } from "node:timers/promises";
import { createColors } from "picocolors";

/** A stream that a command writes to. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The streams, environment, folder and clock of a command, and the signal that stops it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Folder with the project's `cdktf.json`. */
  readonly cwd: string;
  /** Aborts when the operator wants to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Asks the operator, and returns the line that was typed; undefined if the operator ended the input.
   * @default - nobody can be asked
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Waits for milliseconds. @default - on the clock of the machine */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Waits, and rejects when the operator wants to stop. */
export async function pause({ sleep, signal }: Io, milliseconds: number): Promise<void> {
  signal.throwIfAborted();
  await (sleep ? sleep(milliseconds) : setTimeout(milliseconds, undefined, { signal }));
  signal.throwIfAborted();
}

/** Colours, if the stream is a terminal and the operator did not turn them off. */
export function coloursFor(
  stream: Output,
  env: NodeJS.ProcessEnv,
): ReturnType<typeof createColors> {
  // https://no-color.org
  return createColors(stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
}

/** Prints the document of `--json`; `version` changes when a field is removed or changes its meaning. */
export function writeJson(io: Io, document: object): void {
  io.stdout.write(`${JSON.stringify({ version: 1, ...document }, null, 2)}\n`);
}

/** Whether this is continuous integration, where nothing may be skipped silently. */
export function isContinuousIntegration(env: NodeJS.ProcessEnv): boolean {
  return env.CI === "true" || env.CI === "1";
}
