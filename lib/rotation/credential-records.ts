import type { RotationAttempt } from "./attempt";
import type { ClientSpecification } from "./specification";
import type { CredentialStatus } from "./status";

/** The records of one credential outside Secrets Manager. */
export interface StoredCredential {
  /** For example `crm-sync`. */
  readonly name: string;
  /** Undefined if the credential left the registry, and a note of it is left. */
  readonly specification?: ClientSpecification;
  /** Whether the credential is being retired, and so all its clients removed. */
  readonly retiring: boolean;
  readonly status: CredentialStatus;
  /** The rotator's last note. */
  readonly attempt?: RotationAttempt;
  /** The reason why its clients are left alone, such as a specification that cannot be read. */
  readonly problem?: string;
}

/** The place of these records. */
export interface CredentialRecords {
  /** Reads the records of one credential again. */
  read(name: string): Promise<StoredCredential>;
  /** Changes the status, beginning with what it is now. */
  change(name: string, change: (status: CredentialStatus) => CredentialStatus): Promise<void>;
}
