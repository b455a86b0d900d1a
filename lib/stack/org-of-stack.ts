import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../errors";
import type { Org } from "../registry/model";

/** Marks the stack of an organisation. Such a stack has the property `org`. */
export const ORG_STACK = Symbol.for("cdktf-genesys-orgs/OrgStack");

/** Returns the organisation of a construct's stack; undefined if the stack belongs to none. */
function orgOfStack(scope: Construct): Org | undefined {
  const stack = TerraformStack.of(scope) as TerraformStack & { readonly org?: Org };
  return ORG_STACK in stack ? stack.org : undefined;
}

/**
 * Returns the organisation that a construct belongs to: the given one, or that of its stack.
 *
 * @throws UserError when there is neither, or the stack belongs to another organisation
 */
export function orgFor(scope: Construct, given: Org | undefined): Org {
  const own = orgOfStack(scope);
  if (given && own && given.name !== own.name) {
    throw new UserError(
      `${scope.node.path}: org is ${given.name}, but the stack belongs to ${own.name}. Remove org, or move this construct to the stack of ${given.name}`,
    );
  }
  const org = given ?? own;
  if (org) return org;
  throw new UserError(
    `${scope.node.path}: the stack belongs to no organisation. Move this construct to an OrgStack, or set org`,
  );
}
