/** Labels of a version: AWSCURRENT, AWSPENDING, AWSPREVIOUS. */
export type Stage = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly stages: readonly string[];
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly createdAt?: number;
}

/** The versions of a secret. */
export interface SecretHistory {
  readonly versions: readonly SecretVersion[];
  /** When anything of the secret last changed, labels among it. Milliseconds since 1970. */
  readonly changedAt: number;
}

/** What the rotation needs of AWS Secrets Manager. */
export interface SecretStore {
  /** All versions that are still there, with a label and without. */
  history(secretArn: string): Promise<SecretHistory>;
  /** Whether there is such a secret, which nobody has deleted. */
  isThere(secretArn: string): Promise<boolean>;
  /**
   * @returns undefined where the version has no value yet: RotateSecret makes an empty one
   */
  value(secretArn: string, versionId: string, stage: Stage): Promise<string | undefined>;
  /** Puts the value of the version that is labelled AWSPENDING. The same again is no error. */
  putPending(secretArn: string, versionId: string, value: string): Promise<void>;
  /** Makes a version the current one; the one before becomes AWSPREVIOUS. */
  promote(secretArn: string, versionId: string, from: string | undefined): Promise<void>;
}
