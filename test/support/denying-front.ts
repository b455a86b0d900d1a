import { type Front, forwardTo, type Handler, serve } from "./loopback-front";

/** A call of S3 or DynamoDB. */
export interface StoreCall {
  readonly method: string;
  readonly path: string;
  /** Of DynamoDB, for example `GetItem`. */
  readonly operation: string | undefined;
}

const fronts: Front[] = [];

/**
 * A store as somebody sees it who may not do everything: what matches is denied as AWS does. It is
 * gone after the test.
 *
 * @returns its address
 */
export async function serveWithout(
  endpoint: string,
  isDenied: (call: StoreCall) => boolean | Promise<boolean>,
): Promise<string> {
  const next = forwardTo(Number(new URL(endpoint).port));
  const handler: Handler = async (request) => {
    const { method, url, headers } = request;
    const path = decodeURIComponent(url.split("?")[0] ?? "");
    const operation = String(headers["x-amz-target"] ?? "").split(".")[1];
    if (!(await isDenied({ method, path, operation }))) return next(request);
    return operation === undefined ? DENIED_BY_S3 : DENIED_BY_DYNAMODB;
  };
  const front = await serve(handler);
  fronts.push(front);
  return front.url;
}

/** A store as somebody sees it who may only read, and the writes that it refused so far. */
export async function serveReadOnly(
  endpoint: string,
): Promise<{ readonly s3: string; readonly writes: readonly string[] }> {
  const writes: string[] = [];
  const s3 = await serveWithout(endpoint, ({ method, path }) => {
    if (method === "GET" || method === "HEAD") return false;
    writes.push(`${method} ${path}`);
    return true;
  });
  return { s3, writes };
}

afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.stop()));
});

const DENIED_BY_S3 = {
  status: 403,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  ),
};

const DENIED_BY_DYNAMODB = {
  status: 400,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: Buffer.from(
    '{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}',
  ),
};
