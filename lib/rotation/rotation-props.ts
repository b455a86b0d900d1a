import type { OAuthClientRequest } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import type { Clock } from "../http/clock";
import type { CredentialValue } from "../secret-value/credential-value";
import type { SecretStore } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** The inputs of a step. */
export interface RotationProps {
  readonly secrets: SecretStore;
  /** The Platform API, called as the org's master. */
  readonly api: PlatformApi;
  /** Returns the Platform API, called with the credential to test. */
  readonly apiAs: (credential: CredentialValue) => Pick<PlatformApi, "tokenOwner">;
  readonly specification: ClientSpecification;
  /**
   * Fields of the current client as last noted, in case it was deleted.
   * @default - none
   */
  readonly inherited?: Partial<OAuthClientRequest>;
  readonly org: { readonly name: string; readonly id: string; readonly region: string };
  readonly clock: Clock;
  /**
   * Number of OAuth clients that the organisation may have.
   * @default 500
   */
  readonly mostClients?: number;
  /**
   * Returns whether the credential is being retired, in which case no client is created. It is also
   * called just before a client is created, and throws if the credential no longer exists.
   * @default - it is not
   */
  readonly isRetiring?: () => Promise<boolean>;
  /** Called with each problem that does not stop the rotation, but that a person must know. */
  readonly onReport?: (problem: string) => void;
  /**
   * Milliseconds until all of Genesys Cloud knows a new client, or a change to one.
   * @default 60000
   */
  readonly propagation?: number;
}
