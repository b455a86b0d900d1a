import type { Endpoints } from "../genesys/login";
import type { CredentialValue } from "../secret-value/credential-value";

/** A value, and which one it is. */
export interface VersionedValue {
  readonly credential: CredentialValue;
  /** Another client has another version. */
  readonly versionId: string;
  /** @default - those of the value's region */
  readonly endpoints?: Endpoints;
}

/** A place that the current value comes from. */
export interface ValueSource {
  /** Name of the credential in messages. */
  readonly name: string;
  /** Correction for a client that the login refuses, in words. */
  readonly fix: string;
  /** Whether the previous value's tokens may be used while the current client gets none. */
  readonly overlaps: boolean;
  value(): Promise<VersionedValue>;
  /**
   * Returns the newest value, since a token of the one that we have does not work. Looks for it only once
   * in a while.
   *
   * @param refused version whose client the login refuses; undefined if it may still work
   */
  refreshed(refused?: string): Promise<VersionedValue>;
  /** Gives back all that was taken. It never throws, and may be called twice. */
  close(): Promise<void>;
}
