import { join } from "node:path";
import { AnnotationMetadataEntryType, App, type TerraformStack } from "cdktf";
import { checkPolicies, PolicyError } from "./check";
import type { PolicyContext } from "./rule";

/** Marks stacks that check themselves. */
export const ENFORCED = Symbol.for("cdktf-genesys-orgs/enforced");

/**
 * Checks the Terraform JSON of a stack, from its `toTerraform`. Warnings become annotations of the
 * stack.
 *
 * @returns the same JSON
 * @throws PolicyError when a rule is broken and not waived
 */
export function enforcePolicies(
  stack: TerraformStack,
  terraform: unknown,
  context?: PolicyContext,
): unknown {
  const findings = checkPolicies(terraform, { ...context, ...filesOf(stack) });
  if (findings.some(({ severity }) => severity === "error")) throw new PolicyError(findings);
  // At this point cdktf has collected the stack's annotations, and has not written the manifest.
  const { annotations } = App.of(stack).manifest.forStack(stack);
  for (const { rule, construct, message } of findings) {
    annotations.push({
      constructPath: construct,
      level: AnnotationMetadataEntryType.WARN,
      message: `${message} (${rule})`,
    });
  }
  return terraform;
}

/** The stack of each app that is checked with the app's context, so that a finding is not in every stack. */
const first = new WeakMap<App, TerraformStack>();

/** Returns what the stack is made of besides its JSON. cdktf has copied the assets at this point. */
function filesOf(stack: TerraformStack): Pick<PolicyContext, "app" | "assets"> {
  const app = App.of(stack);
  if (!first.has(app)) first.set(app, stack);
  const { workingDirectory } = app.manifest.forStack(stack);
  return {
    assets: join(app.outdir, workingDirectory, "assets"),
    ...(first.get(app) === stack && { app: app.node.getAllContext() }),
  };
}
