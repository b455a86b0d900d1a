import { AuthorizationApi, type Grant } from "../../../genesys/authorization-api";
import type { OAuthClient } from "../../../genesys/models";
import type { PlatformApi } from "../../../genesys/platform-api";
import { ApiError } from "../../../http/api-error";

/**
 * Returns the grants of a client, with names and permissions where the caller may see them: that needs
 * `authorization:grant:view`. The client itself always tells the ids.
 */
export async function grantsOf(api: PlatformApi, client: OAuthClient): Promise<readonly Grant[]> {
  const named = await namedGrantsOf(api, client.id);
  const others = (client.roleDivisions ?? []).filter(
    ({ roleId, divisionId }) =>
      !named.some(({ role, division }) => role.id === roleId && division.id === divisionId),
  );
  return [
    ...named,
    ...others.map(({ roleId, divisionId }) => ({
      role: { id: roleId, name: roleId },
      division: { id: divisionId },
    })),
  ];
}

async function namedGrantsOf(api: PlatformApi, clientId: string): Promise<readonly Grant[]> {
  try {
    return await new AuthorizationApi(api).grantsOf(clientId);
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}
