import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TerraformRun } from "../../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../../terraform/cleanup";
import { FolderTerraform } from "../../../../terraform/folder-terraform";

/**
 * A state as this Terraform would write it; it writes nothing. It leaves out what it does not know,
 * such as a resource's `identity`, which 1.12 began to write, and says nothing of it.
 *
 * @param stack what messages call it
 * @param file with the state
 * @throws UserError with Terraform's own words
 */
export async function asWritten(
  terraform: TerraformRun,
  stack: string,
  file: string,
): Promise<string> {
  const folder = temporaryFolder("genesys-orgs-state-");
  try {
    // Where a configuration without a backend has its state: a link, and so no second copy.
    symlinkSync(resolve(file), join(folder, "terraform.tfstate"));
    return await new FolderTerraform(terraform, stack, folder).run("state", "pull", "-no-color");
  } finally {
    removeFolder(folder);
  }
}

/**
 * Has Terraform write a state, under the lock of its place, with the lineage that it has and the
 * serial after its own. The place has none, or an empty one; Terraform refuses to write over any
 * other.
 *
 * Where there is none, Terraform writes whatever it is given under a new lineage, from serial 1; so
 * does `terraform init -migrate-state`. In the place of an empty state it keeps the lineage that it
 * is given. Hence an empty one goes first.
 *
 * @param version of the Terraform that writes it
 * @param file with the state
 * @param isEmptyThere whether there is an empty one already
 */
export async function pushState(
  place: FolderTerraform,
  version: string,
  file: string,
  isEmptyThere: boolean,
): Promise<void> {
  // Said once more, since TF_CLI_ARGS_state_push may say otherwise.
  const careful = ["-lock=true", "-force=false"];
  const push = (path: string) => place.run("state", "push", "-no-color", ...careful, path);
  if (!isEmptyThere) {
    const empty = join(place.folder, "empty.tfstate");
    const state = { version: 4, terraform_version: version, serial: 0, lineage: "none" };
    writeFileSync(empty, JSON.stringify({ ...state, outputs: {}, resources: [] }));
    await push(empty);
  }
  await push(file);
}
