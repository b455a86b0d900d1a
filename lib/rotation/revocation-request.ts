import type { LiveClient } from "./retirement-request";

/** The request of `genesys-orgs revoke` to the reconciler. */
export interface RevocationRequest {
  /** Name of the credential. */
  readonly revoke: string;
  /**
   * Ids of the clients to end.
   * @default - none: they are only listed
   */
  readonly clients?: readonly string[];
}

/** The reconciler's answer. */
export interface RevocationAnswer {
  /** Whether the credential is being retired, so that it cannot rotate. */
  readonly retiring: boolean;
  /** Clients of the credential that are still alive, without that of a rotation in progress. */
  readonly clients: readonly LiveClient[];
  /** Reasons why clients were not ended; each names its client. */
  readonly failures: readonly string[];
}
