import { request as connectBy } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { BlockList, isIP, type Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { type ConnectionOptions, connect } from "node:tls";
import { UserError } from "../errors";

// Why not EnvHttpProxyAgent of undici (7.30, the last for Node 20): it serves `fetch` alone, while the AWS
// SDK needs an agent of node:https, and it reads NO_PROXY in another way than Terraform (no address
// ranges, "*" only alone, no exception for localhost). Node's own support begins with version 24.

/**
 * Returns the proxy for an HTTPS host, by `HTTPS_PROXY` and `NO_PROXY`, as Terraform does:
 * golang.org/x/net/http/httpproxy. Undefined for a direct connection.
 *
 * @throws UserError if the variable is not the URL of an HTTP proxy
 */
export function proxyFor(
  host: string,
  port: number,
  env: NodeJS.ProcessEnv = process.env,
): URL | undefined {
  const proxy = env.HTTPS_PROXY || env.https_proxy;
  if (!proxy || isDirect(host.toLowerCase(), port, env.NO_PROXY || env.no_proxy || "")) {
    return undefined;
  }
  const url = parse(proxy);
  if (url) return url;
  // Without the value, which may have a password.
  throw new UserError(
    `${env.HTTPS_PROXY ? "HTTPS_PROXY" : "https_proxy"} is not the address of an HTTP proxy: set it to http://<host>:<port>, with %-encoded special characters in user and password`,
  );
}

function parse(proxy: string): URL | undefined {
  try {
    const url = new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
    authorization(url);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

function isDirect(host: string, port: number, exceptions: string): boolean {
  if (host === "localhost" || /^127\.|^\[?::1\]?$/.test(host)) return true;
  return exceptions
    .split(",")
    .map((each) => each.trim().toLowerCase())
    .some((each) => each !== "" && matches(host, port, each));
}

function matches(host: string, port: number, exception: string): boolean {
  if (exception === "*") return true;
  const [, range, bits] = /^([\d.]+)\/(\d+)$/.exec(exception) ?? [];
  if (range !== undefined) return isIP(host) === 4 && inRange(host, range, Number(bits));
  const [, name = "", onlyPort] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const domain = name.replace(/^\*?\./, "");
  const below = host.endsWith(`.${domain}`);
  return name === domain ? host === domain || below : below;
}

function inRange(host: string, range: string, bits: number): boolean {
  try {
    const list = new BlockList();
    list.addSubnet(range, bits);
    return list.check(host);
  } catch {
    // Not a range: it excludes nothing.
    return false;
  }
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Opens HTTPS connections, each through the proxy that the environment names for its host. */
class EnvironmentAgent extends Agent {
  override createConnection(
    options: RequestOptions,
    connected?: Connected,
  ): Duplex | null | undefined {
    const [host, port] = [String(options.host), Number(options.port)];
    const proxy = proxyFor(host, port);
    if (!proxy) return super.createConnection(options, connected);
    const fail = (message: string) =>
      // Node ignores the connection next to an error.
      connected?.(new Error(`the proxy ${proxy.host} ${message}`), undefined as never);
    const tunnel = (proxy.protocol === "https:" ? request : connectBy)({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: `${host}:${port}`,
      headers: { host: `${host}:${port}`, ...authorization(proxy) },
      agent: false,
      timeout: 10_000,
    });
    tunnel.once("connect", ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) {
        connected?.(null, connect({ ...(options as ConnectionOptions), socket }));
      } else {
        socket.destroy();
        fail(`refuses ${host}: status ${statusCode}`);
      }
    });
    tunnel.once("timeout", () => tunnel.destroy(new Error("timeout")));
    tunnel.once("error", ({ message }) => fail(`does not answer: ${message}`));
    tunnel.end();
    return undefined;
  }
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** Returns the agent of a client's HTTPS connections. Each client has its own, and destroys it. */
export const httpsAgent = (): Agent => new EnvironmentAgent();

/**
 * Returns a `fetch` that uses the environment's proxy, which Node's own does not do before version 24. It
 * follows no redirects through a proxy.
 *
 * @param ca certificates of the authorities to trust, in PEM. Default: those of Node.js
 */
export const proxiedFetchTrusting =
  (ca?: readonly string[]): typeof fetch =>
  async (input, init) => {
    const { protocol, hostname, port } = new URL(input instanceof Request ? input.url : input);
    // Node's own fetch takes no certificates.
    const isOwn = protocol !== "https:" || (!ca && !proxyFor(hostname, Number(port || 443)));
    return isOwn ? fetch(input, init) : fetchByAgent(new Request(input, init), ca);
  };

/** A `fetch` that uses the environment's proxy. */
export const proxiedFetch = proxiedFetchTrusting();

async function fetchByAgent(asked: Request, ca?: readonly string[]): Promise<Response> {
  const body = Buffer.from(await asked.arrayBuffer());
  return new Promise((resolve, reject) => {
    const { method, headers, signal } = asked;
    const agent = new EnvironmentAgent(ca && { ca: [...ca] });
    const sent = request(
      asked.url,
      { method, headers: Object.fromEntries(headers), signal, agent },
      (answer) => {
        const { statusCode: status = 502, headers } = answer;
        const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]);
        const hasNoBody = [101, 204, 205, 304].includes(status);
        if (hasNoBody) answer.resume();
        const content = hasNoBody ? null : (Readable.toWeb(answer) as ReadableStream);
        resolve(new Response(content, { status, headers: pairs }));
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}
