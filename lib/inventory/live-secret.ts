import type { CredentialReport } from "../rotation/credential-report";
import type { Reader } from "./readers";

/** What AWS knows of a secret. Times are in milliseconds since 1970; what is not known is undefined. */
export interface LiveSecret extends CredentialReport {
  /** Whether the secret exists. */
  readonly exists: boolean;
  /**
   * AWS's date of its deletion. AWS documents it as that of the request, and as that of the end.
   * @default - it is not scheduled for deletion
   */
  readonly deletedAt?: number;
  /** Who read it lately; undefined if nobody looked. */
  readonly readers?: readonly Reader[];
}
