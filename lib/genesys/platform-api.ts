import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import { ApiError } from "../http/errors";
import {
  type Answer,
  type Call,
  type ResilienceProps,
  ResilientFetch,
} from "../http/resilient-fetch";
import { GENESYS_REGIONS, type GenesysRegion } from "../registry/genesys-regions";
import type { OAuthClient, OAuthClientRequest, TokenOwner } from "./models";

/** A credential of an organisation, and where that is. */
export interface PlatformApiProps extends ResilienceProps {
  readonly region: GenesysRegion;
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * Where the API and its login are.
   * @default - the region's
   */
  readonly endpoints?: { readonly api: string; readonly login: string };
}

/** Milliseconds before its end from which a token is not used any more. */
const TOKEN_MARGIN = 60_000;

/**
 * What is needed of the Platform API of one organisation, as one OAuth client (client credentials).
 *
 * Each call throws {@link ApiError} when it is given up, and BreakerOpenError when it was
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

  /** Whose token this is: says client and organisation. Needs no permission. */
  async tokenOwner(): Promise<TokenOwner> {
    return (await this.call("GET", "/api/v2/tokens/me")) as TokenOwner;
  }

  /** The organisation's id. Needs no permission. */
  async organizationId(): Promise<string> {
    return ((await this.call("GET", "/api/v2/organizations/me")) as { id: string }).id;
  }

  /**
   * All OAuth clients of the organisation.
   * @throws ApiError when the list that came is not all of it
   */
  async oauthClients(): Promise<OAuthClient[]> {
    const byId = new Map<string, OAuthClient>();
    let path: string | undefined = "/api/v2/oauth/clients";
    let total = 0;
    while (path !== undefined) {
      const before = byId.size;
      const page = (await this.call("GET", path)) as ClientPage;
      // Pages may repeat what others had.
      for (const client of page.entities ?? []) byId.set(client.id, client);
      total = Math.max(total, page.total ?? 0);
      // Pages that lead in a circle bring nothing new.
      path = byId.size > before ? (page.nextUri ?? undefined) : undefined;
    }
    // Who asks is one of them: a list without it is not all there, whatever it says of itself.
    if (byId.size < total || !byId.has(this.props.clientId)) {
      const error = incomplete(byId.size, total);
      this.props.onGiveUp?.(error);
      throw error;
    }
    return [...byId.values()];
  }

  /** @returns undefined where there is none, or none any more */
  async oauthClient(id: string): Promise<OAuthClient | undefined> {
    try {
      const client = (await this.call("GET", clientPath(id))) as OAuthClient;
      return client.state === "deleted" ? undefined : client;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a client. The answer is the only one that ever has its secret. */
  async createOAuthClient(request: OAuthClientRequest): Promise<OAuthClient> {
    const creates = true;
    return (await this.call("POST", "/api/v2/oauth/clients", request, creates)) as OAuthClient;
  }

  /** Gives a client another secret; the one before stops working. */
  async renewSecret(id: string): Promise<OAuthClient> {
    const creates = true;
    return (await this.call("POST", `${clientPath(id)}/secret`, undefined, creates)) as OAuthClient;
  }

  /**
   * Changes fields of a client, and keeps all others, known or not: the API replaces the whole.
   * @returns undefined where there is no such client any more
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

  /** Deletes a client; one that is gone already is no error. */
  async deleteOAuthClient(id: string): Promise<void> {
    try {
      await this.call("DELETE", clientPath(id));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private async call(
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
      // A token can end before its time. The API did nothing, so this is safe for all calls.
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      return (await send(await this.accessToken(token))).body;
    }
  }

  /** @param refused a token that the API did not take */
  private async accessToken(refused?: string): Promise<string> {
    const held = this.token;
    if (held) {
      const { value, until } = await held;
      if (value !== refused && this.clock.now() < until) return value;
    }
    // One for all who ask at the same time.
    if (this.token === held) this.token = undefined;
    this.token ??= this.mint();
    const minted = this.token;
    try {
      return (await minted).value;
    } catch (error) {
      if (this.token === minted) this.token = undefined;
      throw error;
    }
  }

  private async mint() {
    const { clientId, clientSecret } = this.props;
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
    const { access_token: value, expires_in: seconds } = answer.body as TokenAnswer;
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

const incomplete = (has: number, total: number) =>
  new ApiError(
    `GET /api/v2/oauth/clients: the list is not all there (${has} clients came, of ${total}): nothing can be concluded from it`,
    "GET /api/v2/oauth/clients",
    200,
    undefined,
    undefined,
    1,
    false,
  );

// What the API answers, and does not take.
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

/** A client's fields as they can be sent back: also those that this code does not know. */
export function withoutReadOnly(client: OAuthClient): OAuthClientRequest {
  const kept = Object.entries(client).filter(([key]) => ![...READ_ONLY, ...OLD].includes(key));
  return Object.fromEntries(kept) as unknown as OAuthClientRequest;
}
