import type { Home, Org, OrgEntry } from "../model";

/** A home whose entry is right by itself. */
export interface CheckedHome {
  /** What problems call it. */
  readonly subject: string;
  readonly home: Home;
}

/** An org whose entry is right by itself. */
export interface CheckedOrg {
  /** What problems call it. */
  readonly subject: string;
  /** What was written: a problem is about that, and not about what follows from it. */
  readonly entry: OrgEntry;
  readonly org: Org;
}
