import { spawnSync } from "node:child_process";
import { binaryName, findTerraform, type TerraformBinary } from "../../lib/terraform/binary";

const present = spawnSync(binaryName(), ["version"], { stdio: "ignore" }).status === 0;

/**
 * A suite that runs real Terraform. Without Terraform it is skipped in plain sight; where CI is
 * true it fails instead, since a skipped promise is not a kept one.
 */
export function describeWithTerraform(name: string, suite: () => void): void {
  if (present) {
    describe(name, suite);
  } else if (/^(1|true)$/i.test(process.env.CI ?? "")) {
    test(name, () => {
      throw new Error(`${binaryName()} is not on PATH, and CI is set`);
    });
  } else {
    describe.skip(`${name} (needs ${binaryName()} on PATH)`, suite);
  }
}

/** The Terraform of this machine. */
export async function terraformHere(): Promise<TerraformBinary> {
  const terraform = await findTerraform();
  if (!terraform) throw new Error("there is no Terraform");
  return terraform;
}
