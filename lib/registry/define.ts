import type { OrgEntry, StateHomeEntry } from "./model";

// Not `<Entry extends OrgEntry>(entry: Entry)`: a type parameter takes unknown keys without a word.

/** Types one organisation's entry, and keeps its name and its home's as literals. */
export const defineOrg = <const Name extends string, const Home extends string>(
  entry: OrgEntry & { readonly name: Name; readonly state: { readonly home: Home } },
) => entry;

/** Types one state home's entry, and keeps its name as a literal. */
export const defineStateHome = <const Name extends string>(
  entry: StateHomeEntry & { readonly name: Name },
) => entry;
