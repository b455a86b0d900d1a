import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startCommand } from "./built-command";
import { temporaryFolder } from "./folders";
import { isAlive } from "./processes";

/** How a command ended. */
export interface Ended {
  /** -1 when it was killed. */
  readonly code: number;
  readonly output: string;
  /** What it did until then. */
  readonly noted: Noted;
}

/** What left the process of a command. */
export interface Noted {
  /** For example `run terraform init in a temporary folder`. */
  readonly calls: readonly string[];
  /** Of the processes that it started. */
  readonly pids: readonly number[];
}

/** When to kill a command. */
export interface KillPoint {
  /** Number of the call, from 1. @default - it is not killed */
  readonly at?: number;
  /**
   * `started`: when the process that it starts runs, or its request is on its way; `after`: when
   * that has ended, or was answered.
   * @default "before"
   */
  readonly when?: "before" | "started" | "after";
}

/** A command whose calls are noted. */
export interface Noting {
  /** Options of Node.js itself. */
  readonly node: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  read(): Noted;
}

/**
 * Notes the calls that leave a command's process, and kills it at one.
 * @param folder whose files count. Default: all files
 */
export function noting({ at = 0, when = "before" }: KillPoint = {}, folder = ""): Noting {
  const file = join(temporaryFolder(), "notes");
  const read = (): Noted => {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    const notes: { readonly call?: string; readonly pid?: number }[] = lines.map((line) =>
      JSON.parse(line),
    );
    return {
      calls: notes.flatMap(({ call }) => call ?? []),
      pids: notes.flatMap(({ pid }) => pid ?? []),
    };
  };
  return {
    node: ["--require", join(__dirname, "killed-at-call.cjs")],
    env: { KILL_AT: String(at), KILL_WHEN: when, KILL_FILES: folder, KILL_NOTES: file },
    read,
  };
}

/**
 * Runs a built command in a process of its own.
 * @param started gets the process's id
 */
export async function runCommand(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  point?: KillPoint,
  started: (pid: number) => void = () => {},
): Promise<Ended> {
  const notes = noting(point);
  const { child, ended, output } = startCommand(cwd, args, { ...env, ...notes.env }, notes.node);
  started(child.pid ?? 0);
  const { code } = await ended;
  return { code, output: output(), noted: notes.read() };
}

/** Kills a command, and what it runs: as when the machine loses its power. */
export function killWithChildren(pid: number): void {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  process.kill(pid, "SIGKILL");
  for (const child of stdout.split("\n").filter(Boolean)) {
    try {
      // Each has a group of its own.
      process.kill(-Number(child), "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

/** Processes of a killed command that live on. */
export const survivors = ({ noted }: Ended): number[] => noted.pids.filter(isAlive);
