import type { Construct } from "constructs";
import { UserError } from "../errors";
import type { Org } from "../registry/model";
import { orgOfStack } from "../stack/org-of-stack";

/** @throws UserError when a client of one org is made in the stack of another */
export function checkOrgOfStack(scope: Construct, org: Org): void {
  const stack = orgOfStack(scope);
  if (!stack || stack.name === org.name) return;
  throw new UserError(
    `${scope.node.path}: this is the stack of ${stack.name}, and the client is one of ${org.name}: make it in its own org's stack`,
  );
}
