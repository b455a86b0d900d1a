import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import type { Credential } from "../registry/model";
import type { ClientSpecification } from "../rotation/specification";
import { homeDivisionId } from "./home-division";

/**
 * Returns each role of a client in each of its divisions.
 *
 * @param own the client's own role, with its permissions
 */
export function clientGrants(
  scope: Construct,
  { roles = [], divisions }: Pick<Credential, "roles" | "divisions">,
  own: AuthRole | undefined,
  provider: TerraformProvider | undefined,
): ClientSpecification["roleDivisions"] {
  const all = [...(own ? [own.id] : []), ...roles];
  const places = divisions ?? [homeDivisionId(scope, provider)];
  return all.flatMap((roleId) => places.map((divisionId) => ({ roleId, divisionId })));
}
