import type { OrgEntry, StateHomeEntry } from "./model";

/** Types one organisation's entry, and keeps its name as a literal. */
export const defineOrg = <const Entry extends OrgEntry>(entry: Entry): Entry => entry;

/** Types one state home's entry, and keeps its name as a literal. */
export const defineStateHome = <const Entry extends StateHomeEntry>(entry: Entry): Entry => entry;
