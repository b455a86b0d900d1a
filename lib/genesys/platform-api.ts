import { ApiError } from "../http/api-error";
import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import {
  type Answer,
  type Call,
  type ResilienceProps,
  ResilientFetch,
} from "../http/resilient-fetch";
import { GENESYS_REGIONS, type GenesysRegion } from "../registry/genesys-regions";
import type { OAuthClient, OAuthClientRequest, TokenOwner } from "./models";

/** Id and secret of an OAuth client. */
export interface ClientCredential {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An access token that the caller has already, for example of a person. */
export interface GivenToken {
  readonly accessToken: string;
}

/** Properties of a {@link PlatformApi}. */
export type PlatformApiProps = ApiProps & (ClientCredential | GivenToken);

interface ApiProps extends ResilienceProps {
  readonly region: GenesysRegion;
  /**
   * Base URLs of the API and of its login.
   * @default - those of the region
   */
  readonly endpoints?: { readonly api: string; readonly login: string };
}

/** Milliseconds before its expiry from which a token is no longer used. */
const TOKEN_MARGIN = 60_000;

/**
 * The Platform API of one organisation, called as one OAuth client (client credentials), or with a
 * given access token.
 *
 * Each call throws {@link ApiError} when it has failed for good, and BreakerOpenError when it was
 * not even sent.
 */
export class PlatformApi {
  private readonly http: ResilientFetch;
  private readonly endpoints: { readonly api: string; readonly login: string };
  private readonly clock: Clock;
  private token: Promise<{ readonly value: string; readonly until: number }> | undefined;

  constructor(private readonly props: PlatformApiProps) {
    const domain = GENESYS_REGIONS[props.region];
    this.endpoints = props.endpoints ?? {
      api: `https://api.${domain}`,
      login: `https://login.${domain}`,
    };
    this.clock = props.clock ?? SYSTEM_CLOCK;
    this.http = new ResilientFetch(props);
  }

  /**
   * Id of the client that calls.
   * @throws Error when the API is called with a given token
   */
  get clientId(): string {
    if ("clientId" in this.props) return this.props.clientId;
    throw new Error("a given token does not name its client");
  }

  /** Returns the client and the organisation that the token belongs to. Needs no permission. */
  async tokenOwner(): Promise<TokenOwner> {
    const path = "/api/v2/tokens/me";
    const owner = (await this.call("GET", path)) as Partial<TokenOwner> | null;
    if (typeof owner?.organization?.id !== "string")
      throw this.unusable(`GET ${path}`, "no organisation");
    return owner as TokenOwner;
  }

  /** Returns the organisation's id. Needs no permission. */
  async organizationId(): Promise<string> {
    const path = "/api/v2/organizations/me";
    const answer = (await this.call("GET", path)) as { readonly id?: unknown } | null;
    if (typeof answer?.id !== "string") throw this.unusable(`GET ${path}`, "no id");
    return answer.id;
  }

  /**
   * Returns all OAuth clients of the organisation.
   * @throws ApiError when the received list is incomplete
   */
  async oauthClients(): Promise<OAuthClient[]> {
    const byId = new Map<string, OAuthClient>();
    let path: string | undefined = "/api/v2/oauth/clients";
    let total = 0;
    while (path !== undefined) {
      const known = byId.size;
      const page = (await this.call("GET", path)) as ClientPage;
      // A page may repeat clients of another page.
      for (const client of page.entities ?? []) byId.set(client.id, client);
      total = Math.max(total, page.total ?? 0);
      // Pages in a circle bring nothing new.
      path = byId.size > known && page.nextUri ? this.pathOf(page.nextUri) : undefined;
    }
    // The caller is one of the clients: a list without it is incomplete, whatever its total says.
    const hasCaller = "accessToken" in this.props || byId.has(this.props.clientId);
    if (byId.size < total || !hasCaller) {
      const error = incomplete(byId.size, total, hasCaller);
      this.props.onGiveUp?.(error);
      throw error;
    }
    return [...byId.values()];
  }

  /**
   * Returns the path of a next page.
   * @throws ApiError when it is on another host, which would get the token
   */
  private pathOf(nextUri: string): string {
    const { origin } = new URL(this.endpoints.api);
    if (URL.canParse(nextUri, origin)) {
      const next = new URL(nextUri, origin);
      if (next.origin === origin) return `${next.pathname}${next.search}`;
    }
    throw this.unusable("GET /api/v2/oauth/clients", `a next page that is not on ${origin}`);
  }

  private unusable(call: string, what: string): ApiError {
    const message = `${call}: the answer cannot be used: it has ${what}`;
    const error = new ApiError(message, call, 200, undefined, undefined, 1, false);
    this.props.onGiveUp?.(error);
    return error;
  }

  /** Returns a client; undefined if it does not exist, or was deleted. */
  async oauthClient(id: string): Promise<OAuthClient | undefined> {
    try {
      const client = (await this.call("GET", clientPath(id))) as OAuthClient;
      return client.state === "deleted" ? undefined : client;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Creates a client. Its secret is in this answer only. */
  async createOAuthClient(request: OAuthClientRequest): Promise<OAuthClient> {
    const creates = true;
    return (await this.call("POST", "/api/v2/oauth/clients", request, creates)) as OAuthClient;
  }

  /** Gives a client a new secret; the previous one stops working. */
  async renewSecret(id: string): Promise<OAuthClient> {
    const creates = true;
    return (await this.call("POST", `${clientPath(id)}/secret`, undefined, creates)) as OAuthClient;
  }

  /**
   * Changes fields of a client. All other fields are sent back, even unknown ones, since the API
   * replaces the whole client.
   * @returns undefined if the client no longer exists
   */
  async updateOAuthClient(
    id: string,
    changes: Partial<OAuthClientRequest>,
  ): Promise<OAuthClient | undefined> {
    const client = await this.oauthClient(id);
    if (!client) return undefined;
    return (await this.call("PUT", clientPath(id), {
      ...withoutReadOnly(client),
      ...changes,
    })) as OAuthClient;
  }

  /** Deletes a client. It is not an error if the client no longer exists. */
  async deleteOAuthClient(id: string): Promise<void> {
    try {
      await this.call("DELETE", clientPath(id));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /**
   * Makes a call of the API.
   *
   * @param path with its query
   * @param creates whether two requests would create two objects
   * @returns the answer's body
   */
  async call(
    method: Call["method"],
    path: string,
    body?: unknown,
    creates = false,
  ): Promise<unknown> {
    const send = (token: string) =>
      this.http.send({
        method,
        url: `${this.endpoints.api}${path}`,
        name: `${method} ${path.split("?")[0]}`,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        creates,
      });
    const token = await this.accessToken();
    try {
      return (await send(token)).body;
    } catch (error) {
      // A token can become invalid early. The API did nothing, so any call may be repeated.
      const isRefused = error instanceof ApiError && error.status === 401;
      if (!isRefused || "accessToken" in this.props) throw error;
      return (await send(await this.accessToken(token))).body;
    }
  }

  /** @param refused a token that the API refused */
  private async accessToken(refused?: string): Promise<string> {
    if ("accessToken" in this.props) return this.props.accessToken;
    const held = this.token;
    if (held) {
      const { value, until } = await held;
      if (value !== refused && this.clock.now() < until) return value;
    }
    // One token for all calls that wait at the same time.
    if (this.token === held) this.token = undefined;
    this.token ??= this.requestToken(this.props);
    const pending = this.token;
    try {
      return (await pending).value;
    } catch (error) {
      if (this.token === pending) this.token = undefined;
      throw error;
    }
  }

  private async requestToken({ clientId, clientSecret }: ClientCredential) {
    const credential = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    const answer: Answer = await this.http.send({
      method: "POST",
      url: `${this.endpoints.login}/oauth/token`,
      name: "POST /oauth/token",
      headers: {
        authorization: `Basic ${credential}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    const { access_token: value, expires_in: seconds } = (answer.body ??
      {}) as Partial<TokenAnswer>;
    if (typeof value !== "string" || typeof seconds !== "number") {
      throw this.unusable("POST /oauth/token", "no token");
    }
    return { value, until: this.clock.now() + seconds * 1000 - TOKEN_MARGIN };
  }
}

interface ClientPage {
  readonly entities?: OAuthClient[];
  readonly total?: number;
  readonly nextUri?: string | null;
}

interface TokenAnswer {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

const clientPath = (id: string) => `/api/v2/oauth/clients/${encodeURIComponent(id)}`;

const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || error.status === 410);

const incomplete = (received: number, total: number, hasCaller: boolean) =>
  new ApiError(
    `GET /api/v2/oauth/clients: the list is incomplete and cannot be used: it has ${received} of ${total} clients${hasCaller ? "" : ", but not the one that asks"}`,
    "GET /api/v2/oauth/clients",
    200,
    undefined,
    undefined,
    1,
    false,
  );

// Fields that the API returns and does not accept.
const READ_ONLY = [
  "id",
  "secret",
  "dateCreated",
  "dateModified",
  "createdBy",
  "modifiedBy",
  "selfUri",
];
/** Deprecated, and in conflict with `roleDivisions`. */
const OLD = ["roleIds"];

/** Returns the fields of a client that can be sent back, including fields that are unknown here. */
export function withoutReadOnly(client: OAuthClient): OAuthClientRequest {
  const kept = Object.entries(client).filter(([key]) => ![...READ_ONLY, ...OLD].includes(key));
  return Object.fromEntries(kept) as unknown as OAuthClientRequest;
}
