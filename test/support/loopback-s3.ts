import { createHash, randomUUID } from "node:crypto";
import type { Handler, StoreAnswer, StoreRequest } from "./loopback-front";
import { failure, payloadOf, sent, xml } from "./s3-messages";

/** An S3 API. */
export interface LoopbackS3 {
  readonly handler: Handler;
  createBucket(name: string): void;
}

interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly written: Date;
  /** Headers of the answer to a read. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Upload {
  readonly place: string;
  readonly parts: Map<number, Buffer>;
  readonly headers: StoredObject["headers"];
}

type Bucket = Map<string, StoredObject>;

/** A request, taken apart. */
interface Call {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly request: StoreRequest;
}

/**
 * The calls to S3 that Terraform and the commands make, in memory. It refuses what it does not know:
 * test/support/store-contract.ts holds what it knows against moto. It answers each request before it
 * takes the next, so that of two writes at once one wins.
 * @param conditionalWrites whether it heeds `If-None-Match`; not every S3-compatible store does
 */
export function memoryS3(names: readonly string[], conditionalWrites: boolean): LoopbackS3 {
  const buckets = new Map<string, Bucket>(names.map((name) => [name, new Map()]));
  const uploads = new Map<string, Upload>();

  const createBucket = (name: string) => {
    if (!buckets.has(name)) buckets.set(name, new Map());
  };

  const bucketCalls: Calls = {
    PUT: ({ bucket }) => {
      createBucket(bucket);
      return sent(200);
    },
    HEAD: () => sent(200),
    GET: ({ query }, bucket) => (query.has("list-type") ? list(bucket, query) : NOT_IMPLEMENTED),
  };

  const objectCalls: Calls = {
    PUT: ({ key, request }, bucket) => {
      if (conditionalWrites && isTaken(request, bucket, key)) return PRECONDITION_FAILED;
      const object = store(bucket, key, payloadOf(request), keptOf(request));
      return sent(200, { etag: object.etag, ...encryptionOf(object) });
    },
    GET: ({ key, request }, bucket) => read(bucket.get(key), request),
    HEAD: ({ key, request }, bucket) => read(bucket.get(key), request),
    DELETE: ({ key }, bucket) => {
      bucket.delete(key);
      return sent(204);
    },
    POST: (call) => {
      if (!call.query.has("uploads")) return NOT_IMPLEMENTED;
      const id = randomUUID();
      uploads.set(id, { place: placeOf(call), parts: new Map(), headers: keptOf(call.request) });
      const result = { Bucket: call.bucket, Key: call.key, UploadId: id };
      return xml("InitiateMultipartUploadResult", result);
    },
  };

  const uploadCalls = (id: string, upload: Upload): Calls => ({
    PUT: ({ query, request }) => {
      const part = payloadOf(request);
      upload.parts.set(Number(query.get("partNumber")), part);
      return sent(200, { etag: `"${md5(part)}"` });
    },
    POST: ({ bucket: name, key, request }, bucket) => {
      if (conditionalWrites && isTaken(request, bucket, key)) return PRECONDITION_FAILED;
      const named = [...request.body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, n]) =>
        upload.parts.get(Number(n)),
      );
      const parts = named.filter((part) => part !== undefined);
      if (parts.length === 0 || parts.length < named.length) return INVALID_PART;
      uploads.delete(id);
      const etag = `"${md5(Buffer.from(parts.map(md5).join(""), "hex"))}-${parts.length}"`;
      store(bucket, key, Buffer.concat(parts), upload.headers, etag);
      return xml("CompleteMultipartUploadResult", { Bucket: name, Key: key, ETag: etag });
    },
    DELETE: () => {
      uploads.delete(id);
      return sent(204);
    },
  });

  function answer(call: Call): StoreAnswer {
    const { request, query } = call;
    const { method } = request;
    if (call.bucket === "") return method === "GET" ? listBuckets(buckets) : NOT_IMPLEMENTED;
    if (!isKnown(call)) return NOT_IMPLEMENTED;
    const bucket = buckets.get(call.bucket) ?? new Map();
    const creates = call.key === "" && method === "PUT";
    if (!buckets.has(call.bucket) && !creates) return NO_SUCH_BUCKET;
    const id = query.get("uploadId");
    const upload = id === undefined ? undefined : uploads.get(id);
    if (id !== undefined && upload?.place !== placeOf(call)) return NO_SUCH_UPLOAD;
    const calls = upload ? uploadCalls(id ?? "", upload) : call.key ? objectCalls : bucketCalls;
    return calls[method]?.(call, bucket) ?? NOT_IMPLEMENTED;
  }

  return {
    handler: async (request) => {
      const { status, headers, body } = answer(callOf(request));
      return { status, headers, body: request.method === "HEAD" ? Buffer.alloc(0) : body };
    },
    createBucket,
  };
}

type Calls = Partial<Record<string, (call: Call, bucket: Bucket) => StoreAnswer>>;

function callOf(request: StoreRequest): Call {
  const { pathname, searchParams } = new URL(request.url, "http://s3");
  const [, bucket = "", ...key] = pathname.split("/");
  const query = new Map(searchParams);
  // The SDKs name the operation, for logs.
  query.delete("x-id");
  return { bucket, key: decodeURIComponent(key.join("/")), query, request };
}

const placeOf = ({ bucket, key }: Call) => `${bucket}/${key}`;

const LISTING = ["list-type", "prefix", "max-keys", "continuation-token", "start-after"];
const UPLOADING = ["uploads", "uploadId", "partNumber"];

/** Whether nothing of a request would be ignored. */
function isKnown({ key, query, request: { method, headers } }: Call): boolean {
  const parameters = key === "" ? LISTING : UPLOADING;
  const uploadsPart = !query.has("partNumber") || (method === "PUT" && query.has("uploadId"));
  const conditions = Object.keys(headers).filter((name) => /^if-|^x-amz-copy-source/.test(name));
  return (
    uploadsPart &&
    [...query.keys()].every((name) => parameters.includes(name)) &&
    conditions.every((name) => name === "if-none-match" && headers[name] === "*")
  );
}

const isTaken = ({ headers }: StoreRequest, bucket: Bucket, key: string) =>
  headers["if-none-match"] === "*" && bucket.has(key);

const md5 = (data: Buffer) => createHash("md5").update(data).digest("hex");

function store(
  bucket: Bucket,
  key: string,
  body: Buffer,
  headers: StoredObject["headers"],
  etag = `"${md5(body)}"`,
): StoredObject {
  const object = { body, etag, written: new Date(), headers };
  bucket.set(key, object);
  return object;
}

const KEPT = /^(content-type|x-amz-meta-.*|x-amz-server-side-encryption(-aws-kms-key-id)?)$/;

const keptOf = ({ headers }: StoreRequest): StoredObject["headers"] =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => [name, `${value}`]),
  );

const encryptionOf = ({ headers }: StoredObject) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes("encryption")));

function read(object: StoredObject | undefined, request: StoreRequest): StoreAnswer {
  if (!object) return NO_SUCH_KEY;
  const { body, etag, written, headers } = object;
  const all = {
    "accept-ranges": "bytes",
    "content-length": `${body.length}`,
    "last-modified": written.toUTCString(),
    etag,
    ...headers,
  };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) return { status: 200, headers: all, body };
  if (Number(from) >= body.length) return INVALID_RANGE;
  const part = body.subarray(Number(from), to ? Number(to) + 1 : undefined);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`;
  const ranged = { ...all, "content-length": `${part.length}`, "content-range": range };
  return { status: 206, headers: ranged, body: part };
}

const listBuckets = (buckets: ReadonlyMap<string, Bucket>) =>
  xml("ListAllMyBucketsResult", {
    Buckets: { Bucket: [...buckets.keys()].sort().map((Name) => ({ Name })) },
  });

/** A page of the objects of a bucket. */
function list(bucket: Bucket, query: Call["query"]): StoreAnswer {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? query.get("start-after");
  const matching = [...bucket]
    .filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const page = matching.slice(0, Math.min(1000, Number(query.get("max-keys") ?? 1000)));
  const more = page.length < matching.length;
  return xml("ListBucketResult", {
    IsTruncated: more,
    KeyCount: page.length,
    Prefix: prefix,
    ...(more && { NextContinuationToken: page.at(-1)?.[0] }),
    Contents: page.map(([Key, { body, etag, written }]) => ({
      Key,
      LastModified: written.toISOString(),
      ETag: etag,
      Size: body.length,
    })),
  });
}

const PRECONDITION_FAILED = failure(
  412,
  "PreconditionFailed",
  "At least one of the pre-conditions you specified did not hold",
  { Condition: "If-None-Match" },
);
const NO_SUCH_BUCKET = failure(404, "NoSuchBucket", "The specified bucket does not exist");
const NO_SUCH_KEY = failure(404, "NoSuchKey", "The specified key does not exist.");
const NO_SUCH_UPLOAD = failure(404, "NoSuchUpload", "The specified upload does not exist.");
const INVALID_PART = failure(
  400,
  "InvalidPart",
  "One or more of the specified parts could not be found.",
);
const INVALID_RANGE = failure(416, "InvalidRange", "The requested range is not satisfiable");
const NOT_IMPLEMENTED = failure(
  501,
  "NotImplemented",
  "The store of the tests does not know this call: see test/support/loopback-s3.ts",
);
