import type { EarlierSensitivity, Sensitivity } from "./classification";

/** How sensitive a credential is, how often it rotates, and who is responsible for it. */
export interface ClassificationEntry {
  /**
   * How much harm the credential does in the wrong hands. It limits the days between rotations (90, 180,
   * 180, 365), and sets how soon an alarm calls the credential overdue, how long its deleted secret can
   * be restored, and whether it needs a KMS key of the organisation. The earlier names `restricted`,
   * `confidential` and `internal` mean critical, high and medium, and give a warning.
   * @default - by the kind of credential: critical for an OAuth client that may change something, high
   *   for one that only reads; at most what the environment allows
   * @example "high"
   */
  readonly sensitivity?: Sensitivity | EarlierSensitivity;
  /**
   * The longest time between two rotations in days, 1 to 365, and at most what the sensitivity allows.
   * @default - by the kind of credential: 90 for an OAuth client that may change something, 180 for one
   *   that only reads; at most what the sensitivity allows
   * @example 30
   */
  readonly rotationDays?: number;
  /**
   * Team or person responsible for the credential.
   * @default - the organisation's owner
   * @example "crm-team"
   */
  readonly owner?: string;
}

/** The class of a credential, with its defaults filled in. */
export interface Classification {
  readonly sensitivity: Sensitivity;
  /** The longest time between two rotations, in days. */
  readonly rotationDays: number;
  readonly owner: string;
}
