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
  const findings = checkPolicies(terraform, context);
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
