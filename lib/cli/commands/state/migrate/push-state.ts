import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TerraformRun } from "../../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../../terraform/cleanup";
import { FolderTerraform } from "../../../../terraform/folder-terraform";

/**
 * Returns a state as this Terraform would write it, without writing it. Terraform silently drops
 * what it does not know, such as the `identity` of a resource, which exists since 1.12.
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
    // The place of the state for a configuration without a backend: a link, so no second copy.
    symlinkSync(resolve(file), join(folder, "terraform.tfstate"));
    return await new FolderTerraform(terraform, stack, folder).run("state", "pull", "-no-color");
  } finally {
    removeFolder(folder);
  }
}

/**
 * Has Terraform write a state, under the lock of its place, with the state's lineage and its next
 * serial. The place has no state or an empty one: Terraform refuses to overwrite any other.
 *
 * In a place without a state, Terraform writes every state with a new lineage, from serial 1; so
 * does `terraform init -migrate-state`. Over an empty state it keeps the given lineage. So this
 * pushes an empty state first.
 *
 * @param version of the Terraform that writes the state
 * @param file with the state
 * @param isEmptyThere whether the place already has an empty state
 */
export async function pushState(
  place: FolderTerraform,
  version: string,
  file: string,
  isEmptyThere: boolean,
): Promise<void> {
  // The defaults, since TF_CLI_ARGS_state_push may have changed them.
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
