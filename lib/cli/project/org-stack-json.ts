import { join } from "node:path";
import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { readStackJson, type StackJson } from "../../terraform/stack-folder";
import type { Io } from "../terminal/io";
import { whyNoStack } from "./org-backends";
import { orgsNamed, synthesize } from "./synthesize";

/**
 * Synthesizes the stack of one org.
 *
 * @throws UserError when the app fails, or the org has no stack
 */
export async function orgStackJson(
  io: Io,
  name: string,
): Promise<{ readonly org: OrgReport; readonly stack: StackJson }> {
  const { org, stacks } = await orgStacksJson(io, name);
  return { org, stack: stacks[0] };
}

/**
 * Synthesizes the stack of one org, and those of its components after it.
 *
 * @throws UserError when the app fails, or the org has no stack
 */
export async function orgStacksJson(
  io: Io,
  name: string,
): Promise<{
  readonly org: OrgReport;
  readonly stacks: readonly [StackJson, ...StackJson[]];
}> {
  const output = temporaryFolder("genesys-orgs-stack-");
  try {
    const report = await synthesize(io, { output, names: [name], quiet: true });
    const [org] = orgsNamed(report, [name]) as [OrgReport];
    if (org.status === "synthesized") {
      const read = (stack: string): StackJson => readStackJson(join(output, "stacks", stack));
      return { org, stacks: [read(org.stack), ...org.components.map(({ stack }) => read(stack))] };
    }
    throw new UserError(`${name} has no stack: ${whyNoStack(org)}`);
  } finally {
    removeFolder(output);
  }
}
