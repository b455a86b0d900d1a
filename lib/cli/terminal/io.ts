import { createColors } from "picocolors";

/** A stream that a command writes to. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where a command runs, and what it writes to. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Folder with the project's `cdktf.json`. */
  readonly cwd: string;
  /** Aborts when the user wants to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Colours, where the stream is a terminal and the user did not turn them off. */
export function coloursFor(
  stream: Output,
  env: NodeJS.ProcessEnv,
): ReturnType<typeof createColors> {
  // https://no-color.org
  return createColors(stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
}

/** Prints the one document of `--json`; `version` changes when a field goes or means something else. */
export function writeJson(io: Io, document: object): void {
  io.stdout.write(`${JSON.stringify({ version: 1, ...document }, null, 2)}\n`);
}

/** Whether this runs in continuous integration, where nothing may be skipped in silence. */
export function isContinuousIntegration(env: NodeJS.ProcessEnv): boolean {
  return env.CI === "true" || env.CI === "1";
}
