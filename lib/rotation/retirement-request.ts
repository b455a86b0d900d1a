/** The request of `genesys-orgs retire` to the reconciler. */
export interface RetirementRequest {
  /** Names of credentials; an empty list means all credentials of the org. */
  readonly retire: readonly string[];
  /** Whether to reverse the retirement, as far as the clients still exist. */
  readonly undo?: boolean;
  /** Whether to change nothing and only report the state. */
  readonly dryRun?: boolean;
}

/** The reconciler's answer: the state after the run. */
export interface RetirementAnswer {
  readonly credentials: readonly RetiringCredential[];
}

/** One credential, with its clients that are not deleted. */
export interface RetiringCredential {
  readonly name: string;
  /** Whether its clients are being retired. */
  readonly retiring: boolean;
  readonly clients: readonly LiveClient[];
}

export interface LiveClient {
  readonly id: string;
  readonly state: "active" | "inactive";
  /** Time at which its last token has expired, ISO 8601; only for an inactive client. */
  readonly deletedFrom?: string;
  /**
   * Whether nothing proves that the rotator created it, so that only a person may delete it.
   * @default false
   */
  readonly unproven?: true;
}
