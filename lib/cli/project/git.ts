import { UserError } from "../../errors";
import { runChild } from "../../terraform/child";
import type { Io } from "../terminal/io";

/**
 * Returns a function that runs git in the project, without the caller's index, and returns its output.
 *
 * @throws UserError if git does not run, or fails
 */
export function gitIn(io: Io) {
  return async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { GIT_INDEX_FILE: _, ...rest } = io.env;
    const result = await runChild({
      command: "git",
      args,
      cwd: io.cwd,
      env: { ...rest, ...env },
      signal: io.signal,
    }).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`git does not run (${error.code ?? error.message}): install it`);
    });
    io.signal.throwIfAborted();
    if (result.code === 0) return result.stdout.trim();
    if (/not a git repository/i.test(result.stderr)) {
      throw new UserError(`${io.cwd} is not in a git repository: run \`git init\``);
    }
    throw new UserError(`git ${args[0]} failed: ${result.stderr.trim()}`);
  };
}
