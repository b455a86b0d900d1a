import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

/** Name of the Terraform variable that chooses the provider credential. */
export const CREDENTIAL_VARIABLE = "genesys_credential";

/** Returns the variable's token in a construct's stack; undefined if the stack has no such variable. */
export function credentialOfStack(scope: Construct): string | undefined {
  const variable = TerraformStack.of(scope).node.tryFindChild(CREDENTIAL_VARIABLE);
  return variable instanceof TerraformVariable ? variable.stringValue : undefined;
}
