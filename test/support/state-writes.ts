import type { Exchange } from "./loopback-front";
import { orgsWith } from "./runners";
import { HOME } from "./sample-org";

/** What a request to write an object asked of S3. */
export interface StateWrite {
  readonly object: string;
  readonly encryption: unknown;
  readonly kmsKey: unknown;
  readonly ifNoneMatch: unknown;
}

/** Every request to write an object, whether S3 took it or not. */
export function stateWritesIn(log: readonly Exchange[]): StateWrite[] {
  return log
    .filter(([{ method }]) => method === "PUT")
    .map(([{ url, headers }]) => ({
      object: url.split("?")[0]?.slice(`/${HOME.bucket}/`.length) ?? "",
      encryption: headers["x-amz-server-side-encryption"],
      kmsKey: headers["x-amz-server-side-encryption-aws-kms-key-id"],
      ifNoneMatch: headers["if-none-match"],
    }));
}

/**
 * Expects that every write was encrypted with the key of the org whose folder it went to, and
 * that no lock file or record was to replace another.
 */
export function expectOwnKeys(log: readonly Exchange[]): void {
  const writes = stateWritesIn(log);
  const expected = writes.map(({ object }) => ({
    object,
    encryption: "aws:kms",
    kmsKey: keyOf(object),
    ifNoneMatch: object.endsWith(".tflock") || object.endsWith(".json") ? "*" : undefined,
  }));
  expect(writes).toEqual(expected);
}

const orgs = orgsWith("s3", 9);

function keyOf(object: string): string | undefined {
  const org = /^orgs\/([^/]+)\/(terraform\.tfstate(\.tflock)?|runs\/[^/]+\.json)$/.exec(
    object,
  )?.[1];
  return orgs.get(org ?? `of ${object}`).state.kmsKeyArn;
}
