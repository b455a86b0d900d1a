import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to a store on loopback. */
export interface StoreRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a store answers. */
export interface StoreAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request and its answer, in the order of the answers. */
export type Exchange = readonly [request: StoreRequest, answer: StoreAnswer];

export type Handler = (request: StoreRequest) => Promise<StoreAnswer>;

/** Passes requests on to a server on loopback. */
export function forwardTo(port: number): Handler {
  return ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      // A connection that is kept open would keep the server from stopping.
      const options = { host: "127.0.0.1", port, method, path: url, headers, agent: false };
      const forwarded = request(options, async (response) => {
        const { statusCode: status = 502, headers } = response;
        resolve({ status, headers, body: Buffer.concat(await response.toArray()) });
      });
      forwarded.once("error", reject);
      forwarded.end(body);
    });
}

/** Writes every request and its answer into a log. */
export function logged(log: Exchange[], next: Handler): Handler {
  return async (request) => {
    const answer = await next(request);
    log.push([request, answer]);
    return answer;
  };
}

/** An HTTP server on loopback. */
export interface Front {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves a handler on loopback. */
export async function serve(handler: Handler): Promise<Front> {
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    try {
      const body = Buffer.concat(await request.toArray());
      const answer = await handler({ method, url, headers, body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  await new Promise<void>((started) => server.listen(0, "127.0.0.1", started));
  return { url: `http://127.0.0.1:${portOf(server)}`, stop: () => stopServer(server) };
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Stops a server, and does not wait for clients that hold their connections. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((stopped) => {
    server.close(() => stopped());
    server.closeAllConnections();
  });
}
