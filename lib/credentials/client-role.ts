import type { TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { AuthRole, type AuthRolePermissionPolicies } from "../../genesyscloud/auth-role";
import type { PermissionOperand, RolePermission } from "../registry/model";
import { OPERAND_VALUE_PATTERN, UUID_PATTERN } from "../registry/patterns";
import { preconditionsOn } from "../stack/tokens";

/** Properties of a client's role. */
export interface ClientRoleProps {
  /** Name of the OAuth client, and of its role. */
  readonly clientName: string;
  readonly permissions: readonly RolePermission[];
  /** @default - the stack's genesyscloud provider */
  readonly provider?: TerraformProvider;
}

/** Creates a Genesys Cloud role for one OAuth client, with the client's permissions only. */
export function clientRole(scope: Construct, id: string, props: ClientRoleProps): AuthRole {
  return new AuthRole(scope, id, {
    name: props.clientName,
    description: `Permissions of the OAuth client ${props.clientName}`,
    permissionPolicies: props.permissions.map(permissionPolicy),
    provider: props.provider,
    lifecycle: lifecycleOf(props),
  });
}

const permissionPolicy = ({
  domain,
  entity,
  actions,
  conditions,
}: RolePermission): AuthRolePermissionPolicies => ({
  domain,
  entityName: entity,
  actionSet: [...actions],
  conditions: conditions && {
    conjunction: conditions.conjunction,
    terms: conditions.terms.map(({ variable, operator, operands }) => ({
      variableName: variable,
      operator,
      operands: operands.map((operand) => ({ ...operand })),
    })),
  },
});

/** Checks operands at apply: a token with a wrong value could make a condition match too much. */
function lifecycleOf({ clientName, permissions }: ClientRoleProps): TerraformResource["lifecycle"] {
  const operands = permissions
    .flatMap(({ conditions }) => conditions?.terms ?? [])
    .flatMap((term) => term.operands);
  const precondition = [
    ...preconditionsOn(
      operands.flatMap(idsIn),
      UUID_PATTERN,
      () => `The ids in the conditions of ${clientName}'s permissions must be UUIDs.`,
    ),
    ...preconditionsOn(
      operands.flatMap((operand) => ("value" in operand ? operand.value : [])),
      OPERAND_VALUE_PATTERN,
      () =>
        `The values in the conditions of ${clientName}'s permissions must have 1 to 200 characters.`,
    ),
  ];
  return precondition.length > 0 ? { precondition } : undefined;
}

function idsIn(operand: PermissionOperand): string[] {
  if (operand.type === "QUEUE") return [operand.queueId];
  return operand.type === "USER" ? [operand.userId] : [];
}
