import { setTimeout as pause } from "node:timers/promises";
import { type Call, type GrpcServer, serveGrpc } from "./grpc-server";
import { decodeRequest, encodeResponse, METHODS, type Method, pathOf } from "./protocol";
import type { ProviderDouble } from "./provider-double";

/** Provider doubles that are listening. */
export interface RunningDoubles {
  /** Value of `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
  /** Closes all connections and frees the ports. */
  stop(): void;
}

/** Returns how long a call takes, in milliseconds. It ends early when Terraform stops the providers. */
export type Delay = (method: Method, type: string | undefined) => number;

/** Terraform's registry. OpenTofu looks up a source without a host in its own. */
const REGISTRY = "registry.terraform.io";
const hostsLike = (host: string) =>
  host === REGISTRY ? [REGISTRY, "registry.opentofu.org"] : [host];

/**
 * Serves each double on its own loopback port, since the protocol's service has the same name for all
 * providers.
 * @param doubles By source, for example `registry.terraform.io/hashicorp/aws`.
 */
export async function serve(
  doubles: ReadonlyMap<string, ProviderDouble>,
  delay: Delay = () => 0,
): Promise<RunningDoubles> {
  const servers: GrpcServer[] = [];
  const stopped = new AbortController();
  const stop = () => {
    stopped.abort();
    for (const server of servers) server.stop();
  };
  const reattach: Record<string, object> = {};
  try {
    for (const [source, double] of doubles) {
      const server = await serveGrpc(callsOf(double, delay, stopped.signal));
      servers.push(server);
      const address = { Network: "tcp", String: `127.0.0.1:${server.port}` };
      const [host = "", ...rest] = source.split("/");
      for (const each of hostsLike(host)) {
        reattach[[each, ...rest].join("/")] = {
          Protocol: "grpc",
          ProtocolVersion: 6,
          Pid: process.pid,
          // Terraform must not end this process when it is finished.
          Test: true,
          Addr: address,
        };
      }
    }
  } catch (error) {
    stop();
    throw error;
  }
  return { reattach: JSON.stringify(reattach), stop };
}

function callsOf(double: ProviderDouble, delay: Delay, stopped: AbortSignal) {
  let stopRequest = new AbortController();
  const answer =
    (method: Method): Call =>
    async (bytes, peer) => {
      const request = decodeRequest(method, bytes);
      if (method === "ConfigureProvider") stopRequest = new AbortController();
      if (method === "StopProvider") stopRequest.abort();
      const milliseconds = delay(method, request.type_name);
      if (milliseconds > 0) {
        const signal = AbortSignal.any([stopRequest.signal, stopped]);
        await pause(milliseconds, undefined, { signal }).catch(() => undefined);
      }
      return encodeResponse(method, double.handle(method, request, peer));
    };
  return new Map(METHODS.map((method) => [pathOf(method), answer(method)]));
}
