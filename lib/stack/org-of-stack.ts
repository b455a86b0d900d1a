import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Org } from "../registry/model";

/** Marks the stack of an organisation, which has it as `org`. */
export const ORG_STACK = Symbol.for("cdktf-genesys-orgs/OrgStack");

/** The organisation in whose stack a construct is; undefined in any other stack. */
export function orgOfStack(scope: Construct): Org | undefined {
  const stack = TerraformStack.of(scope) as TerraformStack & { readonly org?: Org };
  return ORG_STACK in stack ? stack.org : undefined;
}
