import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../errors";
import type { Org } from "../registry/model";

/** Marks the stack of an organisation, which has it as `org`. */
export const ORG_STACK = Symbol.for("cdktf-genesys-orgs/OrgStack");

/** The organisation in whose stack a construct is; undefined in any other stack. */
export function orgOfStack(scope: Construct): Org | undefined {
  const stack = TerraformStack.of(scope) as TerraformStack & { readonly org?: Org };
  return ORG_STACK in stack ? stack.org : undefined;
}

/**
 * The organisation that a construct belongs to: the one that was given, or the stack's own.
 *
 * @throws UserError when there is neither, or the stack belongs to another organisation
 */
export function orgFor(scope: Construct, given: Org | undefined): Org {
  const own = orgOfStack(scope);
  if (given && own && given.name !== own.name) {
    throw new UserError(
      `${scope.node.path}: this is the stack of ${own.name}, and org is ${given.name}: leave org out, or move this to the stack of ${given.name}`,
    );
  }
  const org = given ?? own;
  if (org) return org;
  throw new UserError(
    `${scope.node.path}: the stack belongs to no organisation: move this to an OrgStack, or set org`,
  );
}
