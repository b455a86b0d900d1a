import type { PlatformApi } from "../../genesys/platform-api";
import type { Clock } from "../../http/clock";
import type { VaultCredential } from "../../registry/model";
import type { KvStore } from "../../vault/client/kv-store";
import type { VaultPlace } from "./entry";

/** Which entry is to be rotated, and what that needs. */
export interface EntryRotationProps {
  readonly credential: VaultCredential;
  /** Paths of the org's three entries below the mount. */
  readonly entries: Readonly<Record<VaultCredential, string>>;
  readonly place: VaultPlace;
  readonly store: KvStore;
  /** The Platform API as a client of the org. */
  readonly apiAs: (clientId: string, clientSecret: string) => PlatformApi;
  readonly org: {
    /** The organisation's id in Genesys Cloud. */
    readonly id: string;
    /** Version of the entry `master` that the registry says the org's stack has. */
    readonly masterVersion: number;
    /** Clients that the organisation may have; none is made above. */
    readonly mostClients: number;
  };
  readonly clock: Clock;
  /**
   * Milliseconds that the credential has to be old, or no other is made.
   * @default - another is made
   */
  readonly ifOlderThan?: number;
  /**
   * Whether only clients of before are looked after. Of `master` that says that the org's stack was
   * applied with the version that the registry names.
   * @default false
   */
  readonly retireOnly?: boolean;
  /**
   * Whether nothing is changed.
   * @default false
   */
  readonly dryRun?: boolean;
  /** Stops before the next thing that is changed; what was begun is ended or undone. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}
