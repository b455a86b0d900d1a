import type { RoleDivision } from "../genesys/models";

/** Whether two clients may do the same, and no more. */
export const sameGrants = (
  one: readonly RoleDivision[] = [],
  other: readonly RoleDivision[] = [],
): boolean => listed(one) === listed(other);

const listed = (grants: readonly RoleDivision[]): string =>
  grants
    .map(({ roleId, divisionId }) => `${roleId} ${divisionId}`)
    .sort()
    .join();
