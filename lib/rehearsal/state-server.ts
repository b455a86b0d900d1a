import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A state that Terraform reads and writes over HTTP. */
export interface StateServer {
  /** Address for Terraform's `http` backend. */
  readonly address: string;
  stop(): void;
}

/**
 * Serves a state from a file. With a backend of its own, Terraform would write the whole state after
 * each object, so that the time of an apply grew with the square of the number of objects.
 */
export async function serveState(file: string): Promise<StateServer> {
  // Other users of the machine do not know the path.
  const path = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url?.split("?")[0] !== path) {
        response.writeHead(403).end();
      } else if (request.method === "POST") {
        writeFileSync(file, Buffer.concat(chunks), { mode: 0o600 });
        response.end();
      } else if (request.method === "DELETE") {
        rmSync(file, { force: true });
        response.end();
      } else if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed).listen(0, "127.0.0.1", listening);
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, stop };
}
