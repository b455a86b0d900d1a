import { setTimeout as pause } from "node:timers/promises";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { type Method, providerService } from "./protocol";
import type { ProviderDouble, Request } from "./provider-double";

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
  const servers: Server[] = [];
  const stopped = new AbortController();
  const stop = () => {
    stopped.abort();
    for (const server of servers) server.forceShutdown();
  };
  const reattach: Record<string, object> = {};
  try {
    for (const [source, double] of doubles) {
      const server = new Server({ "grpc.max_receive_message_length": -1 });
      servers.push(server);
      server.addService(providerService, implementation(double, delay, stopped.signal));
      const address = { Network: "tcp", String: `127.0.0.1:${await listen(server)}` };
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

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function implementation(double: ProviderDouble, delay: Delay, stopped: AbortSignal) {
  let stopRequest = new AbortController();
  const answer = async (method: Method, request: Request, peer: string) => {
    if (method === "ConfigureProvider") stopRequest = new AbortController();
    if (method === "StopProvider") stopRequest.abort();
    const milliseconds = delay(method, request.type_name);
    if (milliseconds > 0) {
      const signal = AbortSignal.any([stopRequest.signal, stopped]);
      await pause(milliseconds, undefined, { signal }).catch(() => undefined);
    }
    return double.handle(method, request, peer);
  };
  const methods = Object.keys(providerService) as Method[];
  return Object.fromEntries(
    methods.map((method) => [
      method,
      (call: ServerUnaryCall<Request, object>, done: sendUnaryData<object>) => {
        answer(method, call.request, call.getPeer()).then(
          (response) => done(null, response),
          (error: Error) => done(error),
        );
      },
    ]),
  );
}
