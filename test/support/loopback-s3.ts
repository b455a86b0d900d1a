import { existsSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "./folders";
import { forwardTo, type Handler, oneAtATime } from "./loopback-front";

const S3rver = require("s3rver") as new (
  options: object,
) => {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
};

/** An S3 API. */
export interface LoopbackS3 {
  readonly handler: Handler;
  /** Makes a bucket; requests that come meanwhile wait for it. */
  createBucket(name: string): void;
  stop(): Promise<void>;
}

export async function startS3(
  buckets: readonly string[],
  conditionalWrites: boolean,
): Promise<LoopbackS3> {
  const directory = temporaryFolder();
  const s3 = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    allowMismatchedSignatures: true,
    directory,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { port } = await s3.run();
  const store = withAbortedUploads(forwardTo(port), directory);
  // s3rver removes a folder that became empty, even under a request that just writes to it.
  const handler = oneAtATime(conditionalWrites ? withConditionalWrites(store) : store);
  return {
    handler,
    createBucket: (name) => {
      handler({ method: "PUT", url: `/${name}`, headers: {}, body: NOTHING }).catch(() => {});
    },
    stop: () => s3.close(),
  };
}

/**
 * Answers `If-None-Match: *` as S3 does; s3rver ignores it. Handed one request at a time, so that
 * of two writes at once one wins.
 */
function withConditionalWrites(next: Handler): Handler {
  return async (request) => {
    if (request.method === "PUT" && request.headers["if-none-match"] === "*") {
      const { status } = await next({ ...request, method: "HEAD", headers: {}, body: NOTHING });
      if (status === 200) return PRECONDITION_FAILED;
    }
    return next(request);
  };
}

/** Answers AbortMultipartUpload, which s3rver does not know, and every request for an unknown upload. */
function withAbortedUploads(next: Handler, directory: string): Handler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url, "http://s3");
    const id = searchParams.get("uploadId");
    if (id === null) return next(request);
    const bucket = pathname.split("/")[1] ?? "";
    const upload = join(directory, bucket, "._S3rver_uploads", id);
    if (!existsSync(upload)) return NO_SUCH_UPLOAD;
    if (request.method !== "DELETE") return next(request);
    rmSync(upload, { recursive: true });
    return { status: 204, headers: {}, body: NOTHING };
  };
}

const NOTHING = Buffer.alloc(0);

const failure = (status: number, Code: string, Message: string, more = "") => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${Code}</Code><Message>${Message}</Message>${more}</Error>`,
  ),
});

const PRECONDITION_FAILED = failure(
  412,
  "PreconditionFailed",
  "At least one of the pre-conditions you specified did not hold",
  "<Condition>If-None-Match</Condition>",
);

const NO_SUCH_UPLOAD = failure(404, "NoSuchUpload", "The specified upload does not exist.");
