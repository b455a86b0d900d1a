import { type Front, forwardTo, type Handler, serve } from "./loopback-front";

/** A store as somebody sees it who may not do everything: what matches is denied as AWS does. */
export function serveWithout(
  endpoint: string,
  isDenied: (call: { method: string; path: string; body: string }) => boolean,
): Promise<Front> {
  const next = forwardTo(Number(new URL(endpoint).port));
  const handler: Handler = async (request) => {
    const { method, url, body } = request;
    const path = decodeURIComponent(url.split("?")[0] ?? "");
    if (!isDenied({ method, path, body: body.toString() })) return next(request);
    return request.headers["x-amz-target"] === undefined ? DENIED_BY_S3 : DENIED_BY_DYNAMODB;
  };
  return serve(handler);
}

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
