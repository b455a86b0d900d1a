import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

/** Name of the Terraform variable that chooses the provider credential. */
export const CREDENTIAL_VARIABLE = "genesys_credential";

/** Token of that variable in the stack of a construct; undefined where the stack has none. */
export function credentialOfStack(scope: Construct): string | undefined {
  const variable = TerraformStack.of(scope).node.tryFindChild(CREDENTIAL_VARIABLE);
  return variable instanceof TerraformVariable ? variable.stringValue : undefined;
}
