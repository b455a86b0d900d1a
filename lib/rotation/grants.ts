import type { OAuthClient, RoleDivision } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import { ApiError } from "../http/api-error";

/** Whether two lists grant the same roles in the same divisions. */
export const sameGrants = (
  one: readonly RoleDivision[] = [],
  other: readonly RoleDivision[] = [],
): boolean => listed(one) === listed(other);

const listed = (grants: readonly RoleDivision[]): string =>
  grants
    .map(({ roleId, divisionId }) => `${roleId} ${divisionId}`)
    .sort()
    .join();

/** Returns the wanted grants that the held ones do not cover. A role in `*` covers all divisions. */
export const grantsLackingIn = (
  held: readonly RoleDivision[],
  wanted: readonly RoleDivision[],
): RoleDivision[] =>
  wanted.filter(
    ({ roleId, divisionId }) =>
      !held.some(
        (own) => own.roleId === roleId && (own.divisionId === "*" || own.divisionId === divisionId),
      ),
  );

/**
 * Makes a call that gives a client roles. Genesys Cloud lets a client grant only roles that it has
 * itself ("You cannot grant roles that you do not have"), and its answer does not name them.
 *
 * @param org name of the organisation
 * @throws Error that names the roles that the caller lacks, and the command that grants them
 */
export async function granting<Result>(
  api: PlatformApi,
  org: string,
  wanted: readonly RoleDivision[],
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 403].includes(error.status ?? 0)) throw error;
    const why = await whyRefused(api, org, wanted);
    throw why === undefined ? error : new Error(`${error.message}. ${why}`);
  }
}

/**
 * Refuses a client without all its roles: Genesys Cloud may also leave them out without an error.
 * @throws Error as {@link granting} does
 */
export async function refuseLacking(
  api: PlatformApi,
  org: string,
  wanted: readonly RoleDivision[],
  { id, roleDivisions = [] }: OAuthClient,
): Promise<void> {
  if (grantsLackingIn(roleDivisions, wanted).length === 0) return;
  const why = (await whyRefused(api, org, wanted)) ?? "Rotate again";
  throw new Error(`Genesys Cloud did not give the client ${id} all its roles. ${why}`);
}

async function whyRefused(
  api: PlatformApi,
  org: string,
  wanted: readonly RoleDivision[],
): Promise<string | undefined> {
  const lacking = await lackedByCaller(api, wanted).catch(() => []);
  if (lacking.length === 0) return undefined;
  const roles = lacking.map(({ roleId, divisionId }) => `${roleId} in division ${divisionId}`);
  return `The master of ${org} lacks the role ${roles.join(" and the role ")}, and Genesys Cloud lets a client grant only its own roles. Run \`genesys-orgs grant ${org}\` as an administrator of the organisation`;
}

/** Returns the grants of a list that the client which calls does not have itself. */
export async function lackedByCaller(
  api: PlatformApi,
  wanted: readonly RoleDivision[],
): Promise<RoleDivision[]> {
  const client = await api.oauthClient(api.clientId);
  return client ? grantsLackingIn(client.roleDivisions ?? [], wanted) : [];
}
