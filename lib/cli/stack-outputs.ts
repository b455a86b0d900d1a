import type { TerraformBinary } from "../rehearsal";
import type { Io } from "./io";
import { backendOf, onState } from "./on-state";

/**
 * What a stack that was applied puts out.
 *
 * @param folder the synthesized stack
 * @throws UserError with Terraform's own words
 */
export function stackOutputs(
  io: Io,
  terraform: TerraformBinary,
  stack: string,
  folder: string,
): Promise<Readonly<Record<string, unknown>>> {
  return onState(io, terraform, stack, backendOf(folder), async ({ run }) => {
    const outputs = JSON.parse(await run("output", "-json", "-no-color")) as Record<
      string,
      { readonly value: unknown }
    >;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  });
}
