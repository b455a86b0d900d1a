/** A label of a version. */
export type Stage = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly stages: readonly string[];
  /** Milliseconds since 1970; undefined if unknown. */
  readonly createdAt?: number;
}

/** The versions of a secret. */
export interface SecretHistory {
  readonly versions: readonly SecretVersion[];
  /** Time of the last change of the secret, labels included. Milliseconds since 1970. */
  readonly changedAt: number;
  /** Whether its rotation is switched on; undefined if that is not known. */
  readonly rotates?: boolean;
  /** Time at which it was created. */
  readonly createdAt?: number;
  /** A time of the day, in UTC, on which a value was last read by anyone, us included. */
  readonly accessedAt?: number;
  /** Time at which its deletion was requested; it can still be restored. */
  readonly deletedAt?: number;
}

/** AWS Secrets Manager, as far as the rotation needs it. */
export interface SecretStore {
  /** Returns all versions that still exist, with and without a label. */
  history(secretArn: string): Promise<SecretHistory>;
  /** Whether the secret exists and is not deleted. */
  exists(secretArn: string): Promise<boolean>;
  /**
   * Returns the value of a version.
   * @returns undefined if the version has no value yet: RotateSecret creates an empty version
   */
  value(secretArn: string, versionId: string, stage: Stage): Promise<string | undefined>;
  /** Puts the value of the version labelled AWSPENDING. Repeating the call is not an error. */
  putPending(secretArn: string, versionId: string, value: string): Promise<void>;
  /** Makes a version the current one; the previous one becomes AWSPREVIOUS. */
  promote(secretArn: string, versionId: string, from: string | undefined): Promise<void>;
  /** Starts a rotation, which goes on by itself. */
  rotate(secretArn: string): Promise<void>;
  /** Removes AWSPENDING from a version, so that another rotation can begin. */
  abandon(secretArn: string, versionId: string): Promise<void>;
}
