import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import type { SecretCache, StoredSecret } from "./held-secret";

/** Keys for one file each, as KMS makes them with `GenerateDataKey` and `Decrypt`. */
export interface DataKeys {
  /**
   * Makes a key of 32 bytes.
   * @param context the encryption context, which `decrypt` must be given as well
   */
  generate(context: Readonly<Record<string, string>>): Promise<DataKey>;
  /** Returns the key of its encrypted form. */
  decrypt(encrypted: Uint8Array, context: Readonly<Record<string, string>>): Promise<Uint8Array>;
}

/** A key, plain and encrypted. */
export interface DataKey {
  readonly plain: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** Properties of {@link encryptedDiskCache}. */
export interface DiskCacheProps {
  /** File of the value; one for each secret. */
  readonly file: string;
  readonly keys: DataKeys;
  /**
   * Hours for which a stored value may be used, at most 24: an older one is of a client that a rotation
   * may have ended.
   * @default 24
   */
  readonly hours?: number;
  /** @default - the system's clock */
  readonly clock?: Clock;
}

/** The content of the file. Bytes are in base64. */
interface Stored {
  readonly version: 1;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly key: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

const HOUR = 3_600_000;

/**
 * Keeps the value in a file, encrypted (AES-256-GCM) with a data key of KMS, for the time in which Secrets
 * Manager cannot be reached. It is of no use while KMS in that region cannot be reached either; a replica
 * of the secret in another region helps then.
 *
 * @throws RangeError for more than 24 hours
 */
export function encryptedDiskCache(props: DiskCacheProps): SecretCache {
  const { file, keys, hours = 24, clock = SYSTEM_CLOCK } = props;
  if (!(hours > 0 && hours <= 24))
    throw new RangeError(`hours is ${hours}; give more than 0, at most 24`);
  /** The version in the file, and when it must be written again so that it stays usable. */
  let written: { readonly versionId: string; readonly again: number } | undefined;

  return {
    async store(secretId, { text, versionId }) {
      const now = clock.now();
      if (written?.versionId === versionId && now < written.again) return;
      const until = now + hours * HOUR;
      const { plain, encrypted } = await keys.generate({ secretId });
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", plain, iv);
      cipher.setAAD(bound(secretId, versionId, until));
      const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      plain.fill(0);
      const stored: Stored = {
        version: 1,
        versionId,
        until,
        key: base64(encrypted),
        iv: base64(iv),
        tag: base64(cipher.getAuthTag()),
        data: base64(data),
      };
      await replaceFile(file, JSON.stringify(stored));
      written = { versionId, again: now + (hours * HOUR) / 24 };
    },

    async load(secretId): Promise<StoredSecret | undefined> {
      const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const { versionId, until, key, iv, tag, data } = JSON.parse(text) as Stored;
      if (!(clock.now() < until)) return undefined;
      const plain = await keys.decrypt(bytes(key), { secretId });
      const decipher = createDecipheriv("aes-256-gcm", plain, bytes(iv));
      decipher.setAAD(bound(secretId, versionId, until));
      decipher.setAuthTag(bytes(tag));
      const opened = Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString();
      plain.fill(0);
      return { text: opened, versionId, storedAt: until - hours * HOUR };
    },
  };
}

/** What the file says in plain text is bound to its content: nobody can make it last longer. */
const bound = (secretId: string, versionId: string, until: number): Buffer =>
  Buffer.from(JSON.stringify([secretId, versionId, until]));

const base64 = (data: Uint8Array): string => Buffer.from(data).toString("base64");
const bytes = (text: string): Buffer => Buffer.from(text, "base64");

/** Replaces a file as a whole, readable by its owner only. */
async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(next, text, { mode: 0o600, flag: "wx" });
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
