import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ChildResult } from "../../lib/terraform/child";
import { ROOT } from "./synthesized-app";

/** A command that runs in a process of its own. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** What it has written until now, to both streams. */
  readonly output: () => string;
  readonly ended: Promise<ChildResult>;
}

/** Builds the commands, for tests that run them in processes of their own. */
export function buildCommands(...options: string[]): void {
  const script = [join(ROOT, "scripts/build.mjs"), ...options];
  const built = spawnSync(process.execPath, script, { cwd: ROOT });
  if (built.status !== 0) throw new Error(String(built.stderr));
}

/** Builds the package: the commands, and bindings of all types. */
export const buildPackage = (): void => buildCommands("--all");

/**
 * Starts the built `genesys-orgs`.
 *
 * @param env added to this process's
 * @param node options of Node.js itself
 */
export function startCommand(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  node: readonly string[] = [],
): RunningCommand {
  const command = [...node, join(ROOT, "dist/lib/cli/main.js"), ...args];
  const child = spawn(process.execPath, command, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  let output = "";
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (text) => {
      written[name] += text;
      output += text;
    });
  }
  const ended = new Promise<ChildResult>((done) => {
    child.once("close", (code) => done({ code: code ?? -1, ...written }));
  });
  return { child, output: () => output, ended };
}
