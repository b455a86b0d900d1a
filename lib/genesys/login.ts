import type { Call } from "../http/resilient-fetch";
import { GENESYS_REGIONS, type GenesysRegion } from "../registry/genesys-regions";

/** Id and secret of an OAuth client. */
export interface ClientCredential {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Base URLs of the Platform API and of its login. */
export interface Endpoints {
  readonly api: string;
  readonly login: string;
}

/** An access token. */
export interface AccessToken {
  readonly value: string;
  /** Time from which it is no longer used, in milliseconds since 1970. */
  readonly until: number;
}

/** Milliseconds before its expiry from which a token is no longer used. */
const MARGIN = 60_000;

/** Returns the base URLs of a region. */
export function endpointsOf(region: GenesysRegion): Endpoints {
  const domain = GENESYS_REGIONS[region];
  return { api: `https://api.${domain}`, login: `https://login.${domain}` };
}

/** Returns the call that gets an access token for a client (client credentials). */
export function tokenCall(login: string, { clientId, clientSecret }: ClientCredential): Call {
  const credential = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  return {
    method: "POST",
    url: `${login}/oauth/token`,
    name: "POST /oauth/token",
    headers: {
      authorization: `Basic ${credential}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  };
}

/** Returns the token of an answer; undefined if the answer has none. */
export function readToken(body: unknown, now: number): AccessToken | undefined {
  const { access_token: value, expires_in: seconds } = (body ?? {}) as Record<string, unknown>;
  if (typeof value !== "string" || typeof seconds !== "number") return undefined;
  // A token that lives shorter than the margin is used for half of its life.
  return { value, until: now + Math.max(seconds * 1000 - MARGIN, seconds * 500) };
}
