import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformBinary } from "../rehearsal";
import type { OnState } from "./on-state";

/**
 * Has Terraform write a state, under the lock of its place, with the lineage that it has and the
 * serial after its own. The place has none, or an empty one; Terraform refuses to write over any
 * other.
 *
 * Where there is none, Terraform writes whatever it is given under a new lineage, from serial 1; so
 * does `terraform init -migrate-state`. In the place of an empty state it keeps the lineage that it
 * is given. Hence an empty one goes first.
 *
 * @param file with the state
 * @param isEmptyThere whether there is an empty one already
 */
export async function pushState(
  { folder, run }: OnState,
  { version }: TerraformBinary,
  file: string,
  isEmptyThere: boolean,
): Promise<void> {
  const push = (path: string) => run("state", "push", "-no-color", path);
  if (!isEmptyThere) {
    const empty = join(folder, "empty.tfstate");
    const state = { version: 4, terraform_version: version, serial: 0, lineage: "none" };
    writeFileSync(empty, JSON.stringify({ ...state, outputs: {}, resources: [] }));
    await push(empty);
  }
  await push(file);
}
