import type { RoleDivision } from "../genesys/models";

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
