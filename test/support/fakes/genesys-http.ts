import { type Handler, serve } from "../loopback-front";
import type { FakeGenesys } from "./fake-genesys";

/** One organisation's login and API on loopback. */
export interface GenesysHttp {
  readonly login: string;
  readonly api: string;
  /** Addresses of a region by its domain, for {@link routeFetch}. */
  routesOf(domain: string): Record<string, string>;
  stop(): Promise<void>;
}

/** Serves a fake. The fake records the calls and makes them fail. */
export async function startGenesysHttp(genesys: FakeGenesys): Promise<GenesysHttp> {
  // Each server answers its own paths only, as the two hosts do.
  const login = await serve(only(/^\/oauth\/token$/, genesys));
  const api = await serve(only(/^\/api\/v2\//, genesys));
  return {
    login: login.url,
    api: api.url,
    routesOf: (domain) => ({
      [`https://login.${domain}`]: login.url,
      [`https://api.${domain}`]: api.url,
    }),
    stop: async () => {
      await Promise.all([login.stop(), api.stop()]);
    },
  };
}

function only(paths: RegExp, genesys: FakeGenesys): Handler {
  return async ({ method, url, headers, body }) => {
    if (!paths.test(url)) return { status: 404, headers: {}, body: Buffer.from("{}") };
    // An error of the fake ends the connection: the answer or the request was lost.
    const reply = await genesys.fetch(`http://fake${url}`, {
      method,
      headers: headers as Record<string, string>,
      body: body.toString(),
    });
    return {
      status: reply.status,
      headers: {
        "content-type": "application/json",
        ...headerOf(reply, "retry-after"),
        ...headerOf(reply, "inin-correlation-id"),
      },
      body: Buffer.from(await reply.text()),
    };
  };
}

function headerOf({ headers }: Response, name: string): Record<string, string> {
  const value = headers.get(name);
  return value === null ? {} : { [name]: value };
}
