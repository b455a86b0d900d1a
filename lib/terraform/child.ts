import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, fstatSync, readSync } from "node:fs";
import { endGroup, killGroup, namelessFile, watchGroup } from "./cleanup";

/** A child process to run. */
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
  /**
   * Whether the child goes on when this process is killed. It then writes into files, since writing
   * into a pipe without a reader would kill it. This is its name, for an operator who may kill it.
   * @default - it does not go on
   */
  readonly outlives?: string;
}

/** The result of a child process. */
export interface ChildResult {
  /** Exit code; -1 for a killed process. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a child process to its end, in a process group of its own. Ctrl-C on the terminal reaches it
 * only through `signal`: first as SIGINT to the process, then as SIGKILL to the group.
 */
export function runChild(props: ChildProps): Promise<ChildResult> {
  const { command, args = [], shell = false, cwd, env, signal, grace = 10_000 } = props;
  const { stdio, read, close } = props.outlives ? files() : pipes();
  const start = () => {
    try {
      return spawn(command, args, { cwd, env, shell, detached: true, stdio });
    } catch (error) {
      close();
      throw error;
    }
  };
  return new Promise((resolve, reject) => {
    const child = start();
    const output = read(child);
    const { pid } = child;
    if (pid !== undefined) watchGroup(pid, props.outlives);
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
    child.once("error", (error) => {
      done();
      reject(error);
    });
    // Processes that the child left running may keep its output open: end them before reading on.
    child.once("exit", done);
    child.once("close", (code) => {
      try {
        resolve({ code: code ?? -1, ...output() });
      } catch (error) {
        reject(error);
      } finally {
        close();
      }
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The place that a child writes to, and how to read it afterwards. */
interface Outputs {
  readonly stdio: StdioOptions;
  read(child: ChildProcess): () => Pick<ChildResult, "stdout" | "stderr">;
  /** Gives back what the outputs need, at the end. */
  close(): void;
}

function pipes(): Outputs {
  return {
    stdio: ["ignore", "pipe", "pipe"],
    read: (child) => {
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      return () => ({ stdout: stdout(), stderr: stderr() });
    },
    close: () => {},
  };
}

function files(): Outputs {
  const descriptors = [namelessFile(), namelessFile()] as const;
  return {
    stdio: ["ignore", ...descriptors],
    read: () => () => {
      const [stdout, stderr] = descriptors;
      return { stdout: textOf(stdout), stderr: textOf(stderr) };
    },
    close: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

/** Reads a file from its beginning: the child's writing has moved its position. */
function textOf(descriptor: number): string {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(descriptor, bytes, read, bytes.length - read, read);
    if (more === 0) break;
    read += more;
  }
  return bytes.toString("utf8", 0, read);
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
