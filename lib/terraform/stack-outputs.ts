import type { Io } from "../cli/terminal/io";
import type { TerraformBinary } from "../rehearsal";
import type { TerraformIn } from "./run-in-folder";
import { onState } from "./run-on-state";

/**
 * What a stack that was applied puts out.
 *
 * @param backend block of the synthesized stack
 * @throws UserError with Terraform's own words
 */
export function stackOutputs(
  io: Io,
  terraform: TerraformBinary,
  stack: string,
  backend: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  return onState(io, terraform, stack, backend, outputsIn);
}

/** What the stack puts out whose backend is initialized there. */
export async function outputsIn({ run }: TerraformIn): Promise<Readonly<Record<string, unknown>>> {
  const outputs = JSON.parse(await run("output", "-json", "-no-color")) as Record<
    string,
    { readonly value: unknown }
  >;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
