/** The reconciler's answer by its alias for dry runs. It has names, ids and reasons, and no secret. */
export interface ReconciliationPreview {
  /** Tells this answer from those of an earlier release, which did not know the alias. */
  readonly dryRun: true;
  /** Whether `rotation.dryRun` is set, so that the hourly runs do nothing of this either. */
  readonly onlyLogs: boolean;
  /** What the next hourly run would do. */
  readonly work: readonly PreviewedWork[];
  /** What somebody must look at. */
  readonly problems: readonly PreviewedProblem[];
  /** Numbers of OAuth clients that are not deleted. */
  readonly clients: {
    readonly present: number;
    /** Number that the organisation may have. */
    readonly most: number;
    /** Number of clients with our marks. */
    readonly managed: number;
    /** Number of our clients that belong to no version of a secret. */
    readonly orphaned: number;
  };
}

/** The kinds of work of the reconciler, in the order in which a run does them. */
export const WORK_KINDS = [
  "remind its owner",
  "write it to an integration",
  "remove AWSPENDING",
  "update a client",
  "deactivate a client",
  "delete a client",
  "start its rotation",
  "delete its notes",
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** One thing that a run would do. */
export interface PreviewedWork {
  readonly kind: WorkKind;
  readonly credential?: string;
  /** Id of the client. */
  readonly client?: string;
  readonly reason: string;
  /** Whether it has been due for so long that several hourly runs should have done it. */
  readonly late: boolean;
}

/** A problem, with what it concerns. */
export interface PreviewedProblem {
  readonly credential?: string;
  /** Id of a client. */
  readonly client?: string;
  readonly message: string;
}
