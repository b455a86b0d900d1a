import { NOT_LOGGED_IN } from "../aws/sdk";
import type { Io } from "../cli/terminal/io";
import { UserError } from "../errors";
import type { TerraformBinary } from "../rehearsal";
import { type ChildProps, type ChildResult, runChild } from "./child";
import { errorsIn } from "./diagnostics";
import { terraformEnvironment } from "./environment";

/** Terraform in one folder, with the caller's credentials. */
export interface TerraformIn {
  /** Where it runs. */
  readonly folder: string;
  /** Runs a command, whatever comes of it. */
  try(...args: string[]): Promise<ChildResult>;
  /**
   * @returns what it wrote to stdout
   * @throws UserError with Terraform's own words
   */
  run(...args: string[]): Promise<string>;
  /** Why a command failed, in Terraform's own words. */
  failure(args: readonly string[], result: ChildResult): UserError;
}

/**
 * @param stack what messages call it
 * @param more environment variables that the caller's do not have
 */
export function terraformIn(
  io: Io,
  terraform: TerraformBinary,
  stack: string,
  folder: string,
  { more = {}, ...child }: Pick<ChildProps, "grace" | "outlives"> & Extra = {},
): TerraformIn {
  const attempt = async (...args: string[]): Promise<ChildResult> => {
    const result = await runChild({
      command: terraform.path,
      args,
      cwd: folder,
      env: { ...more, ...terraformEnvironment(io.env) },
      signal: io.signal,
      ...child,
    });
    io.signal.throwIfAborted();
    return result;
  };
  const failure = (args: readonly string[], { code, stdout, stderr }: ChildResult) => {
    const command = args.filter((arg) => !arg.startsWith("-")).join(" ");
    // One after the other: without a frame, an error does not end where the plan begins.
    const said = errorsIn(stderr) || errorsIn(stdout) || stderr.trim() || `exit code ${code}`;
    // Its own words are about a service of EC2, which is the last place where it looks.
    if (said.includes("No valid credential sources found")) {
      return new UserError(`${stack}: ${NOT_LOGGED_IN}`);
    }
    return new UserError(`${stack}: terraform ${command} failed:\n${said}`);
  };
  const run = async (...args: string[]): Promise<string> => {
    const result = await attempt(...args);
    if (result.code === 0) return result.stdout;
    throw failure(args, result);
  };
  return { folder, try: attempt, run, failure };
}

interface Extra {
  readonly more?: NodeJS.ProcessEnv;
}
