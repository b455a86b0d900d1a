import type { TerraformStack } from "cdktf";
import { ENFORCED, enforcePolicies } from "../policies/enforce";
import { OrgStack } from "./org-stack";

/** Makes synth check a stack that belongs to no org and no home against the same rules. */
export function enforceOnOthers(stack: TerraformStack): void {
  if (ENFORCED in stack) return;
  const toTerraform = stack.toTerraform.bind(stack);
  stack.toTerraform = () => enforcePolicies(stack, toTerraform());
}

/**
 * Returns a message for each stack that would read the states of two orgs, also through stacks that
 * belong to no org.
 */
export function waysBetweenOrgs(stacks: readonly TerraformStack[]): string[] {
  return stacks.flatMap((stack) => {
    const reached = [...reachedFrom(stack)].filter(OrgStack.isOrgStack);
    const orgs = [...new Set(reached.map(({ org }) => org.name))].sort();
    if (orgs.length < 2) return [];
    return `${stack.node.id} reaches the states of ${orgs.join(" and ")}, by references between stacks, but a stack may read one org's state only. Pass the value through the registry, or look it up with a data source.`;
  });
}

function reachedFrom(start: TerraformStack): Set<TerraformStack> {
  const reached = new Set<TerraformStack>();
  const follow = (stack: TerraformStack): void => {
    if (reached.has(stack)) return;
    reached.add(stack);
    for (const next of stack.dependencies) follow(next);
  };
  follow(start);
  return reached;
}
