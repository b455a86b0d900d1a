import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "./folders";
import { isAlive } from "./processes";

const ROOT = resolve(__dirname, "../..");

/** A call that leaves the process of a command. */
export interface Call {
  /** For example `run terraform init -no-color`. */
  readonly call: string;
  /** Of the process that it started. */
  readonly pid?: number;
}

/** How a command ended. */
export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly output: string;
  /** What it did until then. */
  readonly calls: readonly Call[];
}

/** When to kill a command. */
export interface KillPoint {
  /** Number of the call, from 1. @default - it is not killed */
  readonly at?: number;
  /** `after` kills it when the process that it starts is running. @default "before" */
  readonly when?: "before" | "after";
}

/** Builds the commands, for tests that run them in processes of their own. */
export function buildCommands(): void {
  const built = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { cwd: ROOT });
  if (built.status !== 0) throw new Error(String(built.stderr));
}

/**
 * Runs a built command in a process of its own.
 * @param started gets the process's id
 */
export async function runCommand(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { at, when = "before" }: KillPoint = {},
  started: (pid: number) => void = () => {},
): Promise<Ended> {
  const notes = join(temporaryFolder(), "notes");
  const preload = join(__dirname, "kill-at.cjs");
  const command = [join(ROOT, "dist/lib/cli/main.js"), ...args];
  const child = spawn(process.execPath, ["-r", preload, ...command], {
    cwd,
    env: { ...process.env, ...env, KILL_AT: String(at ?? 0), KILL_NOTES: notes, KILL_WHEN: when },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started(child.pid ?? 0);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, "close");
  const text = existsSync(notes) ? readFileSync(notes, "utf8") : "";
  const calls: Call[] = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { code, output, calls };
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
export const survivors = ({ calls }: Ended): number[] =>
  calls.flatMap(({ pid }) => pid ?? []).filter(isAlive);
