import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AwsCallError } from "../../../../aws/call";
import { UserError } from "../../../../errors";
import { type HeldLock, lockIn, type S3Backend, StateStore } from "../../../project/state-store";

/** A state that is read, and never written. */
export interface StateSource {
  /** What messages call it. */
  readonly name: string;
  /** Undefined for a file. */
  readonly place?: S3Backend;
  /** Text and MD5 of the state; undefined where there is none. */
  read(): Promise<{ readonly text: string; readonly md5: string } | undefined>;
  locks(): Promise<HeldLock[]>;
  /** What the lock table, where there is one, says the MD5 of the state is. */
  digest(): Promise<string | undefined>;
  close(): void;
}

/** How the user names a source. */
export interface SourceOptions {
  /** Path of a file, or `s3://<bucket>/<key>`. */
  readonly from: string;
  readonly fromRegion?: string;
  readonly fromTable?: string;
}

/**
 * @param cwd folder that a path is relative to
 * @param home backend whose region and endpoints the source has as well, unless it says otherwise
 */
export function openSource(cwd: string, options: SourceOptions, home: S3Backend): StateSource {
  const { from, fromRegion, fromTable } = options;
  if (/^[a-z0-9]+:\/\//i.test(from)) {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/(.*[^/])$/.exec(from) ?? [];
    if (bucket === undefined || key === undefined) {
      throw new UserError(
        `--from is "${from}": give the path of a file, or s3://<bucket>/<key>; \`terraform state pull > old.tfstate\` makes a file of whatever else`,
      );
    }
    const { region, endpoints, use_path_style } = home;
    return s3Source({
      bucket,
      key,
      region: fromRegion ?? region,
      endpoints,
      use_path_style,
      dynamodb_table: fromTable,
    });
  }
  if (fromRegion !== undefined || fromTable !== undefined) {
    throw new UserError(
      `--from-region and --from-table go with s3://<bucket>/<key>, and --from is the file ${from}`,
    );
  }
  return fileSource(from, resolve(cwd, from));
}

function s3Source(place: S3Backend): StateSource {
  const store = new StateStore(place);
  return {
    name: store.url,
    place,
    read: async () => {
      try {
        return await store.state();
      } catch (error) {
        throw isElsewhere(error)
          ? new UserError(`${(error as Error).message}; --from-region names the bucket's region`)
          : error;
      }
    },
    locks: async () => {
      const locks = [await store.lockFile(), await store.lockItem()];
      return locks.filter((lock) => lock !== undefined);
    },
    digest: () => store.digest(),
    close: () => store.close(),
  };
}

const isElsewhere = (error: unknown): boolean =>
  error instanceof AwsCallError &&
  ["PermanentRedirect", "AuthorizationHeaderMalformed", "301"].includes(error.code);

function fileSource(name: string, file: string): StateSource {
  const lock = join(dirname(file), `.${basename(file)}.lock.info`);
  return {
    name,
    read: async () => {
      const bytes = contentOf(file);
      if (bytes === undefined) return undefined;
      const md5 = createHash("md5").update(bytes).digest("hex");
      return { text: bytes.toString("utf8"), md5 };
    },
    locks: async () => {
      const info = contentOf(lock);
      return info === undefined ? [] : [lockIn("file", info.toString("utf8"))];
    },
    digest: async () => undefined,
    close: () => {},
  };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UserError(
      code === "EISDIR"
        ? `${file} is a folder: name the state in it`
        : `${file}: ${code ?? message}`,
    );
  }
}
