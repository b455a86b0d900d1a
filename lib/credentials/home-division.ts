import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DataGenesyscloudAuthDivisionHome } from "../../genesyscloud/data-genesyscloud-auth-division-home";

/**
 * Id of the organisation's home division, looked up once in a stack and provider.
 *
 * @param provider the stack's genesyscloud provider, where there is none
 */
export function homeDivisionId(scope: Construct, provider?: TerraformProvider): string {
  const stack = TerraformStack.of(scope);
  const id = provider?.alias ? `home-division-${provider.alias}` : "home-division";
  const existing = stack.node.tryFindChild(id);
  const division =
    existing instanceof DataGenesyscloudAuthDivisionHome
      ? existing
      : new DataGenesyscloudAuthDivisionHome(stack, id, { provider });
  return division.id;
}
