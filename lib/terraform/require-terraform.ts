import type { Io } from "../cli/terminal/io";
import { UserError } from "../errors";
import { findTerraform, type TerraformBinary } from "../rehearsal";
import { binaryName } from "./binary";

/**
 * The Terraform that a command cannot do without.
 *
 * @param what to do where there is none
 * @throws UserError where there is none, or it is too old
 */
export async function requireTerraform(io: Io, what = "install it"): Promise<TerraformBinary> {
  const terraform = await findTerraform(io.env);
  if (terraform) return terraform;
  throw new UserError(`${binaryName(io.env)} is not on PATH: ${what}`);
}
