import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DataGenesyscloudAuthDivisionHome } from "../../genesyscloud/data-genesyscloud-auth-division-home";

/**
 * Returns the id of the organisation's home division. A stack looks it up once for each provider.
 *
 * @param provider the stack's genesyscloud provider if undefined
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
