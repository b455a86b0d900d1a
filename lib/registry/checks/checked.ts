import type { Home, Org, OrgEntry } from "../model";

/** A home whose own entry has no mistake. */
export interface CheckedHome {
  /** Its name in problems. */
  readonly subject: string;
  readonly home: Home;
}

/** An org whose own entry has no mistake. */
export interface CheckedOrg {
  /** Its name in problems. */
  readonly subject: string;
  /** The entry as it was written: problems are about it, and not about derived values. */
  readonly entry: OrgEntry;
  readonly org: Org;
}
