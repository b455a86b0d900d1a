import { requireTerraform, type TerraformRun } from "../../terraform/binary";
import { committedLockFile } from "../../terraform/lock-file";
import type { Io } from "../terminal/io";

/**
 * Returns the Terraform that works with one of an org's provider credentials.
 *
 * @throws UserError if there is no Terraform, or it is too old
 */
export async function terraformAs(
  io: Io,
  credential: "deployer" | "planner",
): Promise<TerraformRun> {
  const env = { ...io.env, TF_VAR_genesys_credential: credential };
  const terraform = await requireTerraform({ env, signal: io.signal });
  return { ...terraform, lockFile: committedLockFile(io.cwd) };
}
