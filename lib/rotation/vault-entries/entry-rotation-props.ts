import type { PlatformApi } from "../../genesys/platform-api";
import type { Clock } from "../../http/clock";
import type { VaultCredential } from "../../registry/model";
import type { KvStore } from "../../vault/client/kv-store";
import type { EntryPlace } from "./vault-entry";

/** The entry to rotate, and the services for it. */
export interface EntryRotationProps {
  readonly credential: VaultCredential;
  /** Paths of the org's three entries in their place. */
  readonly entries: Readonly<Record<VaultCredential, string>>;
  readonly place: EntryPlace;
  readonly store: KvStore;
  /** Returns the Platform API, called as a client of the org. */
  readonly apiAs: (clientId: string, clientSecret: string) => PlatformApi;
  readonly org: {
    readonly name: string;
    /** The organisation's id in Genesys Cloud. */
    readonly id: string;
    /**
     * Version of the master's entry that the registry names for the org's stack.
     * @default - the rotator has no copy, and reads the newest version itself
     */
    readonly masterVersion?: number;
    /** Number of OAuth clients that the organisation may have. */
    readonly mostClients: number;
  };
  readonly clock: Clock;
  /**
   * Minimum age of the credential in milliseconds: a younger one is not rotated.
   * @default - rotated at any age
   */
  readonly ifOlderThan?: number;
  /**
   * Whether to retire the clients of earlier versions and do nothing else. For the master, the
   * caller confirms by it that the org's stack was applied with the version that the registry
   * names.
   * @default false
   */
  readonly retireOnly?: boolean;
  /**
   * Whether to change nothing.
   * @default false
   */
  readonly dryRun?: boolean;
  /** Stops before the next change; a change in progress is completed or reversed. */
  readonly signal?: AbortSignal;
  /** Called with the name of each step. */
  readonly onStep?: (step: string) => void;
}
