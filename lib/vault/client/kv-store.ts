/** One version of an entry. */
export interface KvVersion {
  /** Starts at 1. */
  readonly version: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /**
   * When the engine will delete this version by itself. Milliseconds since 1970.
   * @default - never
   */
  readonly deletedAt?: number;
}

/** Entries with numbered versions and check-and-set, like those of Vault's KV version 2 engine. */
export interface KvStore {
  /**
   * Reads a version of an entry.
   * @param version undefined means the newest
   * @returns undefined if the version does not exist, or was deleted
   */
  read(path: string, version?: number): Promise<KvVersion | undefined>;
  /**
   * Writes a new version.
   * @param after the version that must be the newest one
   * @returns the number of the new version
   * @throws CasMismatchError when another version is the newest
   * @throws NotWrittenError when nothing was written
   * @throws Error when the result is unknown: the version may be written already, or later
   */
  put(path: string, value: KvVersion["value"], after: number): Promise<number>;
  /**
   * Makes the newest version keep its number, before anything refers to the next one.
   * @param version the version that must be the newest one
   * @throws CasMismatchError when another version is the newest
   * @default - versions keep their numbers anyway
   */
  settle?(path: string, version: number): Promise<void>;
}

/** The error of a write that came after somebody else's. */
export class CasMismatchError extends Error {
  override readonly name = "CasMismatchError";
}

/** The error of a write that was refused: nothing was written, and nothing will be. */
export class NotWrittenError extends Error {
  override readonly name = "NotWrittenError";
}
