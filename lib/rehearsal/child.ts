import { spawn } from "node:child_process";
import { endGroup, killGroup, watchGroup } from "./cleanup";

/** How to run a child process. */
export interface ChildProps {
  readonly command: string;
  readonly args?: readonly string[];
  /** Whether `command` is a line for the shell. */
  readonly shell?: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /**
   * Milliseconds between SIGINT and SIGKILL when `signal` aborts.
   * @default 10000
   */
  readonly grace?: number;
}

/** What a child process left. */
export interface ChildResult {
  /** Exit code; 128 and the signal's number is not used: a killed process has code -1. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a child process to its end, in a process group of its own: Ctrl-C on the terminal reaches
 * it only through `signal`, first as SIGINT to the process alone, then as SIGKILL to the group.
 */
export function runChild(props: ChildProps): Promise<ChildResult> {
  const { command, args = [], shell = false, cwd, env, signal, grace = 10_000 } = props;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { pid } = child;
    if (pid !== undefined) watchGroup(pid);
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGINT");
      timer = setTimeout(() => pid !== undefined && killGroup(pid), grace);
    };
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      if (pid !== undefined) endGroup(pid);
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once("error", (error) => {
      done();
      reject(error);
    });
    // Whatever the process left running may hold its output open: end it first, then read on.
    child.once("exit", done);
    child.once("close", (code) => {
      resolve({ code: code ?? -1, stdout: stdout(), stderr: stderr() });
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
