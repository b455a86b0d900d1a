import os from "node:os";
import { runProgram } from "../../lib/cli/program";
import type { Io } from "../../lib/cli/terminal/io";

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line in this process; neither stream is a terminal.
 *
 * @param now milliseconds since 1970
 * @param more what differs from a command without an operator
 */
export async function run(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  now: () => number = Date.now,
  more: Partial<Io> = {},
): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const to = (stream: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const code = await runProgram(args, {
    stdout: to("stdout"),
    stderr: to("stderr"),
    env: { ...process.env, CI: "", ...env },
    cwd,
    signal: new AbortController().signal,
    now,
    ...more,
  });
  return { code, ...written };
}

/** Calls `use` while temporary folders are made in `folder`. */
export async function withTemporary<Result>(
  folder: string,
  use: () => Promise<Result>,
): Promise<Result> {
  // Jest's process.env is a copy, which node:os does not see.
  const tmpdir = jest.spyOn(os, "tmpdir").mockReturnValue(folder);
  try {
    return await use();
  } finally {
    tmpdir.mockRestore();
  }
}
