import type { StoreAnswer, StoreRequest } from "./loopback-front";

/** An answer without a body. */
export const sent = (status: number, headers: StoreAnswer["headers"] = {}): StoreAnswer => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

/** An answer of S3. A list is an element for each of its items. */
export const xml = (name: string, content: object, status = 200): StoreAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}`),
});

export const failure = (status: number, Code: string, Message: string, more: object = {}) =>
  xml("Error", { Code, Message, ...more }, status);

function element(name: string, content: unknown): string {
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join("");
  const inner =
    typeof content === "object" && content !== null
      ? Object.entries(content).map(([child, value]) => element(child, value))
      : [String(content).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)];
  return `<${name}>${inner.join("")}</${name}>`;
}

/** The content of an object or a part, as it was sent. */
export function payloadOf({ headers, body }: StoreRequest): Buffer {
  const encoded = `${headers["x-amz-content-sha256"]}`.startsWith("STREAMING-");
  return encoded ? Buffer.concat(chunksOf(body)) : body;
}

/** Data of the encoding `aws-chunked`: chunks with their length, an empty one, and checksums. */
function chunksOf(body: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (!(length > 0)) return chunks;
    const start = lineEnd + 2;
    chunks.push(body.subarray(start, start + length));
    at = start + length + 2;
  }
}
