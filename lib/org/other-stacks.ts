import type { TerraformStack } from "cdktf";
import { ENFORCED, enforcePolicies } from "../policies/enforce";
import { OrgStack } from "./org-stack";

/** Checks a stack of the app that is no org's and no home's against the same rules. */
export function enforceOnOthers(stack: TerraformStack): void {
  if (ENFORCED in stack) return;
  const toTerraform = stack.toTerraform.bind(stack);
  stack.toTerraform = () => enforcePolicies(stack, toTerraform());
}

/**
 * Ways by which a stack would read the states of two orgs: also through stacks in between, which
 * are no org's.
 */
export function waysBetweenOrgs(stacks: readonly TerraformStack[]): string[] {
  return stacks.flatMap((stack) => {
    const reached = [...reachedFrom(stack)].filter(OrgStack.isOrgStack);
    const orgs = [...new Set(reached.map(({ org }) => org.name))].sort();
    if (orgs.length < 2) return [];
    return `${stack.node.id} reaches the states of ${orgs.join(" and ")}, by references between stacks: no stack may. Pass the value through the registry, or look it up with a data source.`;
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
