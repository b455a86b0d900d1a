import type { Clock } from "../http/clock";
import type { TokenSource } from "./token-source";
import type { ValueSource } from "./value-source";

/** A lease that access tokens come from. `vaultLease` of `cdktf-genesys-orgs/runtime/vault` makes one. */
export interface CredentialLease {
  /** Begins to use the lease. */
  open(context: LeaseContext): TokenSource;
}

/** The surroundings of a lease. */
export interface LeaseContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onProblem: (error: Error) => void;
  /** Returns tokens of the clients that are leased. */
  readonly tokensOf: (values: ValueSource) => TokenSource;
}
