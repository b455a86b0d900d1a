// Runs programs for the scripts of this folder.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../..");
const tools = join(root, "tools");

/** A mistake of the user, or a check that failed: only its message is printed. */
export class ToolError extends Error {}

/**
 * Returns what a program prints.
 * @throws ToolError with its messages when it fails
 */
export function output(program, args, { cwd = root } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw new ToolError(`${program}: ${error.message}`);
  if (status !== 0)
    throw new ToolError(`${[program, ...args].join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}

/** Returns the path of a script of a package in tools/, and installs the packages if needed. */
export function tool(path) {
  const installed = join(tools, "node_modules/.package-lock.json");
  const lock = join(tools, "package-lock.json");
  const fresh = () =>
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
  if (!fresh()) output("npm", ["ci"], { cwd: tools });
  return join(tools, "node_modules", path);
}

/** Runs the main function of a script, and ends the process with 1 when it fails. */
export async function main(module, run) {
  if (process.argv[1] !== fileURLToPath(module)) return;
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
