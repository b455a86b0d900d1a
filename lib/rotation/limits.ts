import { ORG_DEFAULTS } from "../registry/defaults";

/** Windows and limits of the reconciler. Times are in milliseconds. */
export interface ReconciliationLimits {
  /** Time for which the previous client still gets tokens after another version became current. */
  readonly overlap: number;
  /** Time added to the token lifetime before an inactive client is deleted. */
  readonly skew: number;
  /** Age from which a client of ours is an orphan if it belongs to no version. */
  readonly orphanAge: number;
  /** Number of clients of earlier versions that one run may deactivate. */
  readonly mostDeactivations: number;
  /** Number of clients that one run may delete, and of orphans that it may deactivate. */
  readonly mostRemovals: number;
  /** Number of current values that one run tries. */
  readonly mostProofs: number;
  /** Time after which a current value is tried again. */
  readonly proofAge: number;
  /** Time after which a run begins no further action. */
  readonly longest: number;
  /**
   * Number of rotations that one run starts. A rotation makes 7 to 12 calls of Genesys Cloud, most of
   * them in one minute: those of ten fit into half of the 300 that it allows in a minute.
   */
  readonly mostStarts: number;
  /** Number of rotations that one run tries to start, those that fail included. */
  readonly mostStartTries: number;
  /** Time after which a run starts no further rotation, counted from the first one. */
  readonly longestStarts: number;
  /** Time after the last version was created in which no rotation is started: one may be repeated. */
  readonly startAgain: number;
  /** Time for which labels must stay before AWSPENDING is removed from a version that was promoted. */
  readonly settled: number;
  /** Time without any work on a version after which its rotation is over. */
  readonly abandoned: number;
  /** Number of OAuth clients that the organisation may have. */
  readonly mostClients: number;
}

const MINUTE = 60_000;
export const DEFAULT_LIMITS: ReconciliationLimits = {
  overlap: 15 * MINUTE,
  skew: 15 * MINUTE,
  orphanAge: 48 * 60 * MINUTE,
  mostDeactivations: 100,
  mostRemovals: 20,
  mostProofs: 20,
  proofAge: 4 * 60 * MINUTE,
  longest: 3 * MINUTE,
  mostStarts: 10,
  mostStartTries: 20,
  longestStarts: MINUTE / 2,
  startAgain: 6 * 60 * MINUTE,
  settled: 15 * MINUTE,
  abandoned: 6 * 60 * MINUTE,
  mostClients: ORG_DEFAULTS.rotation.mostClients,
};
