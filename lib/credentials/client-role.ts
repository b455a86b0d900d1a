import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { AuthRole } from "../../genesyscloud/auth-role";
import type { RolePermission } from "../registry/model";

/** Properties of a client's role. */
export interface ClientRoleProps {
  /** Name of the OAuth client, and of its role. */
  readonly clientName: string;
  readonly permissions: readonly RolePermission[];
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/** A Genesys Cloud role for one OAuth client: what the client may do, and nothing else. */
export function clientRole(scope: Construct, id: string, props: ClientRoleProps): AuthRole {
  return new AuthRole(scope, id, {
    name: props.clientName,
    description: `What the OAuth client ${props.clientName} may do`,
    permissionPolicies: props.permissions.map(({ domain, entity, actions }) => ({
      domain,
      entityName: entity,
      actionSet: [...actions],
    })),
    provider: props.provider,
  });
}
