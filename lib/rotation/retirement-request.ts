/** What the reconciler is asked for, by `genesys-orgs retire`. */
export interface RetirementRequest {
  /** Names of credentials; empty for all of the org. */
  readonly retire: readonly string[];
  /** Takes it back, as long as the clients are there. */
  readonly undo?: boolean;
  /** Only says how things stand. */
  readonly dryRun?: boolean;
}

/** What it answers: how things stand after that run. */
export interface RetirementAnswer {
  readonly credentials: readonly RetiringCredential[];
}

/** One credential, with its clients that are not deleted. */
export interface RetiringCredential {
  readonly name: string;
  /** Whether its clients are to go. */
  readonly retiring: boolean;
  readonly clients: readonly LiveClient[];
}

export interface LiveClient {
  readonly id: string;
  readonly state: "active" | "inactive";
  /** ISO date from which its tokens have ended; only where it mints none any more. */
  readonly deletedFrom?: string;
}
