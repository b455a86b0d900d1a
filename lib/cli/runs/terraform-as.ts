import { requireTerraform, type TerraformRun } from "../../terraform/binary";
import type { Io } from "../terminal/io";

/**
 * Returns the Terraform that works with one of an org's provider credentials.
 *
 * @throws UserError if there is no Terraform, or it is too old
 */
export const terraformAs = (io: Io, credential: "deployer" | "planner"): Promise<TerraformRun> =>
  requireTerraform({
    env: { ...io.env, TF_VAR_genesys_credential: credential },
    signal: io.signal,
  });
