import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AwsCallError } from "../../../../aws/call";
import { UserError } from "../../../../errors";
import { type HeldLock, lockIn, type S3Backend, StateStore } from "../../../project/state-store";

/** An existing state, which is only read. */
export interface StateSource {
  /** Its name in messages. */
  readonly name: string;
  /** Undefined for a file. */
  readonly place?: S3Backend;
  /** Text and MD5 of the state; undefined if there is none. */
  read(): Promise<{ readonly text: string; readonly md5: string } | undefined>;
  locks(): Promise<HeldLock[]>;
  /** The state's digest in its lock table; undefined if there is none. */
  digest(): Promise<string | undefined>;
  close(): void;
}

/** The options that name a source. */
export interface SourceOptions {
  /** Path of a file, or `s3://<bucket>/<key>`. */
  readonly from: string;
  readonly fromRegion?: string;
  readonly fromTable?: string;
}

/**
 * Opens a source.
 *
 * @param cwd folder for relative paths
 * @param home backend with the default region and the endpoints
 * @throws UserError if the options do not fit together
 */
export function openSource(cwd: string, options: SourceOptions, home: S3Backend): StateSource {
  const { from, fromRegion, fromTable } = options;
  if (/^[a-z0-9]+:\/\//i.test(from)) {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/(.*[^/])$/.exec(from) ?? [];
    if (bucket === undefined || key === undefined) {
      throw new UserError(
        `--from is "${from}", but must be the path of a file or s3://<bucket>/<key>: for another backend create a file with \`terraform state pull > old.tfstate\``,
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
      `--from-region and --from-table need a source s3://<bucket>/<key>, but --from is the file ${from}`,
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
          ? new UserError(
              `${(error as Error).message}. Name the region of the bucket with --from-region`,
            )
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
        ? `${file} is a folder: name the file with the state`
        : `${file}: ${code ?? message}`,
    );
  }
}
