import { join } from "node:path";
import { runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { terraformHere } from "./terraform";

/**
 * Applies the stack of a fake project, so that there is a state.
 *
 * @param environment of Terraform, in addition to a harmless one
 */
export async function applyStack(
  project: string,
  stack: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { path } = await terraformHere();
  for (const args of [["init"], ["apply", "-auto-approve"]]) {
    const { code, stderr } = await runChild({
      command: path,
      args: [...args, "-no-color"],
      cwd: join(project, "ready/stacks", stack),
      env: rehearsalEnvironment(process.env, environment),
    });
    if (code !== 0) throw new Error(stderr);
  }
}
