import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

// gRPC for calls with one request and one answer:
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md

/** Answers a request. `peer` names the connection. */
export type Call = (request: Buffer, peer: string) => Promise<Buffer>;

/** A gRPC server on loopback. */
export interface GrpcServer {
  readonly port: number;
  /** Closes all connections and frees the port. */
  stop(): void;
}

const UNKNOWN = 2;
const UNIMPLEMENTED = 12;

/** @param calls by path: `/package.Service/Method` */
export async function serveGrpc(calls: ReadonlyMap<string, Call>): Promise<GrpcServer> {
  // With 10 MB, the default, Node.js refuses calls while the schemas of other calls wait to be sent.
  const server = createServer({ maxSessionMemory: Number.MAX_SAFE_INTEGER });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // A client that is killed resets its connection.
    session.on("error", () => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    // Terraform cancels a call, or is killed.
    stream.on("error", () => stream.destroy());
    const call = calls.get(headers[":path"] ?? "");
    // At once: the streams of go-plugin's own services have no end.
    if (!call) fail(stream, UNIMPLEMENTED, `${headers[":path"]} is not implemented`);
    else answer(stream, call).catch((error: Error) => fail(stream, UNKNOWN, error.message));
  });
  await new Promise<void>((started, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", started);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

async function answer(stream: ServerHttp2Stream, call: Call): Promise<void> {
  const { remoteAddress, remotePort } = stream.session?.socket ?? {};
  const message = payloadOf(Buffer.concat(await stream.toArray()));
  const response = await call(message, `${remoteAddress}:${remotePort}`);
  if (stream.destroyed) return;
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(response.length, 1);
  stream.write(prefix);
  stream.end(response);
}

function fail(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  const trailers = { "grpc-status": `${status}`, "grpc-message": encodeURIComponent(message) };
  stream.respond({ ...HEADERS, ...trailers }, { endStream: true });
}

const HEADERS = { ":status": 200, "content-type": "application/grpc+proto" };
/** A byte that tells whether the message is compressed, and four with its length. */
const PREFIX = 5;

function payloadOf(data: Buffer): Buffer {
  const message = data.subarray(PREFIX);
  if (data[0] !== 0 || data.readUInt32BE(1) !== message.length) {
    throw new Error("a request is not one message without compression");
  }
  return message;
}
