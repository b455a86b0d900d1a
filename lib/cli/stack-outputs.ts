import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import type { TerraformBinary } from "../rehearsal";
import { runChild } from "../rehearsal/child";
import { removeFolder, temporaryFolder } from "../rehearsal/cleanup";
import { errorsIn } from "../rehearsal/diagnostics";
import { terraformEnvironment } from "../rehearsal/environment";
import { STACK_FILE } from "../rehearsal/workspace";
import type { Io } from "./io";

/**
 * What a stack that was applied puts out. Only the stack's backend is initialized: no provider is
 * downloaded.
 *
 * @param folder the synthesized stack
 * @throws UserError with Terraform's own words
 */
export async function stackOutputs(
  io: Io,
  terraform: TerraformBinary,
  stack: string,
  folder: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { backend } = JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8")).terraform;
  const workspace = temporaryFolder("genesys-orgs-outputs-");
  const run = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runChild({
      command: terraform.path,
      args,
      cwd: workspace,
      env: terraformEnvironment(io.env),
      signal: io.signal,
    });
    io.signal.throwIfAborted();
    if (code === 0) return stdout;
    throw new UserError(
      `${stack}: terraform ${args[0]} failed:\n${errorsIn(stderr) || stderr.trim()}`,
    );
  };
  try {
    writeFileSync(join(workspace, STACK_FILE), JSON.stringify({ terraform: { backend } }));
    await run(["init", "-no-color"]);
    const outputs = JSON.parse(await run(["output", "-json", "-no-color"])) as Record<
      string,
      { readonly value: unknown }
    >;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  } finally {
    removeFolder(workspace);
  }
}
