import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { AuthRole } from "../../genesyscloud/auth-role";
import type { Credential } from "../registry/model";
import { homeDivisionId } from "./home-division";

/** A role of Genesys Cloud in a division. */
export interface Grant {
  readonly roleId: string;
  /** `*` for all divisions. */
  readonly divisionId: string;
}

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
): Grant[] {
  const all = [...(own ? [own.id] : []), ...roles];
  const places = divisions ?? [homeDivisionId(scope, provider)];
  return all.flatMap((roleId) => places.map((divisionId) => ({ roleId, divisionId })));
}
