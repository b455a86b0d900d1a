import type { PlatformApi } from "../genesys/platform-api";
import type { Clock } from "../http/clock";
import type { RotationWindow } from "../registry/rotation-window";
import type { CredentialValue } from "../secret-value/credential-value";
import type { Action } from "./action";
import type { CredentialRecords, StoredCredential } from "./credential-records";
import type { ReconciliationLimits } from "./limits";
import type { ReconciliationPlan } from "./plan";
import type { SecretStore } from "./secret-store";

/** The inputs of a run of the reconciler. */
export interface ReconciliationProps {
  /** The Platform API, called as the org's master. */
  readonly api: PlatformApi;
  /** Returns the Platform API, called with a credential to try. */
  readonly apiAs: (credential: CredentialValue) => Pick<PlatformApi, "tokenOwner">;
  readonly secrets: Pick<SecretStore, "history" | "exists" | "value" | "abandon" | "rotate">;
  readonly records: CredentialRecords;
  /** The records of all credentials; without any specification, the run is refused. */
  readonly credentials: readonly StoredCredential[];
  /** The org's name in the registry, and its id in Genesys Cloud. */
  readonly org: { readonly name: string; readonly id: string };
  /** The beginning of the ARN of every secret of the org here. */
  readonly secretPrefix: string;
  readonly clock: Clock;
  /**
   * Times in which rotations may begin.
   * @default - any time
   */
  readonly windows?: readonly RotationWindow[];
  /** @default - {@link DEFAULT_LIMITS} */
  readonly limits?: ReconciliationLimits;
  /**
   * Whether to change nothing in Genesys Cloud, and no label.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Whether to try the current values.
   * @default true
   */
  readonly proves?: boolean;
  /**
   * Whether to start the rotations that are due.
   * @default true
   */
  readonly starts?: boolean;
  /** Called with the plan before anything is changed. */
  readonly onPlan?: (plan: ReconciliationPlan) => void;
  /** Called before each action. */
  readonly onAction?: (action: Action) => void;
}
