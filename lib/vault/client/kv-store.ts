/** One version of an entry. */
export interface KvVersion {
  /** From 1. */
  readonly version: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The part of Vault's KV version 2 engine that the rotation needs. */
export interface KvStore {
  /**
   * Reads one version.
   *
   * @param version undefined for the newest version
   * @returns undefined if there is no such version, or it was deleted
   */
  read(path: string, version?: number): Promise<KvVersion | undefined>;
  /**
   * Writes the next version.
   *
   * @param after the version that must be the newest one
   * @returns the new version
   * @throws CasMismatchError if another version is the newest
   * @throws NotWrittenError if nothing was written
   * @throws Error if the result is unknown: it may still be written later
   */
  put(path: string, value: KvVersion["value"], after: number): Promise<number>;
}

/** A write that was refused because somebody else wrote first. */
export class CasMismatchError extends Error {
  override readonly name = "CasMismatchError";
}

/** A write that was refused: nothing was written, and nothing will be. */
export class NotWrittenError extends Error {
  override readonly name = "NotWrittenError";
}
