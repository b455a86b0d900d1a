import type { TerraformStack } from "cdktf";
import { REQUIRED_PROVIDERS, REQUIRED_TERRAFORM } from "../versions";

/** Makes a stack require the supported versions of Terraform and of the named providers. */
export function requireVersions(
  stack: TerraformStack,
  providers: readonly (keyof typeof REQUIRED_PROVIDERS)[],
): void {
  stack.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
  for (const name of providers) {
    // A copy: a later override of one stack would change the object, and so every stack.
    stack.addOverride(`terraform.required_providers.${name}`, { ...REQUIRED_PROVIDERS[name] });
  }
}
