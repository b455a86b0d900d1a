/** One version of an entry. */
export interface KvVersion {
  /** From 1. */
  readonly version: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What the rotation needs of Vault's KV version 2 engine. */
export interface KvStore {
  /**
   * @param version undefined: the newest
   * @returns undefined where there is none, or where it was deleted
   */
  read(path: string, version?: number): Promise<KvVersion | undefined>;
  /**
   * Writes one version more.
   * @param after the version that has to be the newest one
   * @returns the new version
   * @throws CasMismatchError when another version is the newest
   * @throws NotWrittenError when nothing was written
   * @throws Error when nobody knows, and it may still be written later
   */
  put(path: string, value: KvVersion["value"], after: number): Promise<number>;
}

/** Somebody else wrote first. */
export class CasMismatchError extends Error {
  override readonly name = "CasMismatchError";
}

/** Refused: nothing was written, and nothing will be. */
export class NotWrittenError extends Error {
  override readonly name = "NotWrittenError";
}
