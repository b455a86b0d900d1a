import type { OrgEntry, StateHomeEntry } from "./model";

// Not `<Entry extends OrgEntry>(entry: Entry)`, since a type parameter accepts unknown keys.

/** Types the entry of one organisation, with its name and the name of its home as literal types. */
export const defineOrg = <const Name extends string, const Home extends string>(
  entry: OrgEntry & { readonly name: Name; readonly state: { readonly home: Home } },
) => entry;

/** Types the entry of one state home, with its name as a literal type. */
export const defineStateHome = <const Name extends string>(
  entry: StateHomeEntry & { readonly name: Name },
) => entry;
