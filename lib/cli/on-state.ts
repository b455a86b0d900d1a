import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import type { TerraformBinary } from "../rehearsal";
import { type ChildResult, runChild } from "../rehearsal/child";
import { removeFolder, temporaryFolder } from "../rehearsal/cleanup";
import { errorsIn } from "../rehearsal/diagnostics";
import { terraformEnvironment } from "../rehearsal/environment";
import { STACK_FILE } from "../rehearsal/workspace";
import type { Io } from "./io";

/** Terraform in the place of a stack, where only its state can be reached. */
export interface OnState {
  /** Where it runs. */
  readonly folder: string;
  /** Runs a command, whatever comes of it. */
  try(...args: string[]): Promise<ChildResult>;
  /**
   * @returns what it wrote to stdout
   * @throws UserError with Terraform's own words
   */
  run(...args: string[]): Promise<string>;
}

/** How {@link onState} begins. */
export interface OnStateProps {
  /**
   * Whether it goes on when `init` failed: that reads the state, which who may only unlock it may
   * not, after it has set up the backend.
   * @default false
   */
  readonly unread?: boolean;
}

/**
 * Runs Terraform on the state of a stack, with the caller's credentials. Only the backend is
 * initialized: no provider is downloaded.
 *
 * @param stack what messages call it
 * @param backend block of the synthesized stack
 * @throws UserError with Terraform's own words
 */
export async function onState<Result>(
  io: Io,
  terraform: TerraformBinary,
  stack: string,
  backend: unknown,
  use: (state: OnState) => Promise<Result>,
  { unread = false }: OnStateProps = {},
): Promise<Result> {
  const folder = temporaryFolder("genesys-orgs-state-");
  const attempt = async (...args: string[]): Promise<ChildResult> => {
    const result = await runChild({
      command: terraform.path,
      args,
      cwd: folder,
      env: terraformEnvironment(io.env),
      signal: io.signal,
    });
    io.signal.throwIfAborted();
    return result;
  };
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await attempt(...args);
    if (code === 0) return stdout;
    const command = args.filter((arg) => !arg.startsWith("-")).join(" ");
    throw new UserError(
      `${stack}: terraform ${command} failed:\n${errorsIn(stderr) || stderr.trim()}`,
    );
  };
  try {
    writeFileSync(join(folder, STACK_FILE), JSON.stringify({ terraform: { backend } }));
    await (unread ? attempt : run)("init", "-no-color");
    return await use({ folder, try: attempt, run });
  } finally {
    removeFolder(folder);
  }
}

/** Backend block of a synthesized stack. */
export function backendOf(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8")).terraform.backend;
}
