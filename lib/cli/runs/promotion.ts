import type { Environment } from "../../registry/model";
import type { OrgStackFolder } from "./for-each-org";

/** Places in the order in which a change moves on. */
const PLACES: Readonly<Record<Environment, number>> = {
  sandbox: 0,
  development: 0,
  staging: 1,
  production: 2,
};

/** Stacks that may be deployed at the same time. */
export interface Wave<Stack> {
  /** For example `development and sandbox`. */
  readonly name: string;
  readonly stacks: readonly Stack[];
}

/** Groups stacks by environment, in the order of promotion: development, staging, production. */
export function wavesOf<Stack extends Pick<OrgStackFolder, "org">>(
  stacks: readonly Stack[],
): Wave<Stack>[] {
  const places = [...new Set(Object.values(PLACES))].sort();
  return places.flatMap((place) => {
    const own = stacks.filter(({ org }) => PLACES[org.environment] === place);
    const names = [...new Set(own.map(({ org }) => org.environment))].sort();
    return own.length === 0 ? [] : { name: names.join(" and "), stacks: own };
  });
}
