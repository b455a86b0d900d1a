import { join } from "node:path";
import { UserError } from "../../../../errors";
import { inParallel } from "../../../../in-parallel";
import { valueAt } from "../../../../registry/raw-value";
import { readDataFile } from "../../../../registry/read-data-file";
import type { HomeOutputs } from "../../../../registry/record-outputs";
import { problemLine } from "../../../../registry/registry-error";
import type { HomeReport, OrgReport } from "../../../../registry/report";
import { requireTerraform } from "../../../../terraform/binary";
import { stackOutputs } from "../../../../terraform/run-on-state";
import { backendOf } from "../../../../terraform/stack-folder";
import type { Io } from "../../../terminal/io";

/**
 * Reads the keys of a home's stacks from a file of `cdktf output --outputs-file`.
 *
 * @throws UserError if the file cannot be read
 */
export function keysInFile(
  file: string,
  home: HomeReport,
  orgs: readonly OrgReport[],
): HomeOutputs {
  const read = readDataFile(file);
  if ("problem" in read) throw new UserError(problemLine(read.problem));
  const keyOf = (stack: string) => valueAt(read.value, stack, "kms_key_arn");
  const keys = new Map(orgs.map(({ name, access }) => [name, keyOf(access.stack)]));
  return { home: keyOf(home.stack), orgs: keys };
}

/**
 * Reads the keys of a home's stacks with Terraform.
 *
 * @param stacks folder of the synthesized stacks
 * @throws UserError if Terraform fails or is missing
 */
export async function keysOfStacks(
  io: Io,
  stacks: string,
  home: HomeReport,
  orgs: readonly OrgReport[],
): Promise<HomeOutputs> {
  const terraform = await requireTerraform(io, "install it, or use --from");
  const keyOf = async (stack: string) =>
    (await stackOutputs(terraform, stack, backendOf(join(stacks, stack)))).kms_key_arn;
  // The home first: without credentials it fails for all stacks.
  const own = await keyOf(home.stack);
  const ready = orgs.filter(({ access }) => access.status === "synthesized");
  const keys = await inParallel(ready, undefined, async ({ name, access }) => {
    return [name, await keyOf(access.stack)] as const;
  });
  return { home: own, orgs: new Map(keys) };
}

/** @throws UserError if there is nothing to record, with the step that is missing */
export function refuseNothing(
  { name, stack, kmsKeyArn }: HomeReport,
  outputs: HomeOutputs,
  from: string | undefined,
): void {
  if (outputs.home !== undefined) return;
  if (from !== undefined) {
    if ([...outputs.orgs.values()].some((arn) => arn !== undefined)) return;
    throw new UserError(
      `${from} has no kms_key_arn of a stack of home ${name}: create the file with \`cdktf output 'state-*' --outputs-file ${from}\``,
    );
  }
  throw new UserError(
    kmsKeyArn === undefined
      ? `home ${name} has no key to record yet, since ${stack} has no output kms_key_arn: run \`cdktf deploy ${stack}\` first`
      : `${stack} has no state in the home's bucket: run \`cdktf deploy ${stack} --migrate-state\` first, in the folder with its local state`,
  );
}
