import { BlockList } from "node:net";
import type { Clock } from "../../../lib/http/clock";
import { FakeGrants, type Grant } from "./fake-grants";
import { FakeIntegrationCredentials } from "./fake-integration-credentials";
import type { FakeOrganization } from "./fake-organization";
import { FakeTraffic, type RateLimit } from "./fake-traffic";
import { FakeUsage } from "./fake-usage";
import { missingPermission } from "./organization/answers";

// The Platform API of one organisation, according to its documentation. It shares no code with the
// code that is tested against it.

/** An OAuth client as the organisation keeps it. */
export interface FakeClient {
  id: string;
  secret: string;
  createdAt: number;
  modifiedAt: number;
  /** The members of the request, including unknown ones. */
  fields: Record<string, unknown>;
  createdBy?: string;
  deletedAt?: number;
}

/** A failure of one request. */
export type Fault = "none" | "429" | "503" | "no request" | "no answer" | "partial list";

/** Answers of Genesys Cloud that no document gives; tests run with all of them. */
export interface Unknowns {
  /** Whether a client says which client created it. */
  readonly creators: boolean;
  /** Whether every change moves `dateModified`. */
  readonly modifies: boolean;
  /** State in which a deleted client is listed for another seven days; undefined if it is not. */
  readonly afterDelete?: "deleted" | "inactive";
}

export interface FakeGenesysProps {
  readonly clock: Clock;
  /** @default - no creators; dates of modification move; deleted clients are gone */
  readonly unknowns?: Unknowns;
  readonly orgId?: string;
  /**
   * The organisation's configuration, which cannot be changed. Its clients are in the list of clients.
   * @default - clients, roles and divisions only
   */
  readonly organization?: FakeOrganization;
  /** @default - no limit */
  readonly rateLimit?: RateLimit;
  /** Milliseconds after which a new client is in the list, can be read, and can get tokens. */
  readonly lag?: number;
  /** Number of clients in one page of the list. */
  readonly pageSize?: number;
  /** Called before every request. */
  readonly fault?: (call: string) => Fault;
  /**
   * The answer to a client that grants a role which it does not have, or edits a client with such a
   * role. The documentation says "refused"; nobody has seen it, nor which status it has.
   * @default "refused"
   */
  readonly unheldRoles?: "refused" | "allowed" | "dropped";
  /** @default 403 */
  readonly refusalStatus?: 400 | 403;
  /**
   * Enforces the addresses that clients may call from, as announced in April 2026. Neither the field nor
   * the answers are public: a login from elsewhere is refused like a wrong secret, and a client without
   * addresses is not created.
   * @default - clients may call from anywhere
   */
  readonly addresses?: { readonly field: string };
}

/** A request that arrived, and how it was answered. */
export interface LoggedRequest {
  /** For example `PUT /api/v2/oauth/clients/client-1`. */
  readonly call: string;
  /** Id of the client that sent it, as far as it is known. */
  readonly caller?: string;
  /** Id of the client that it is about, or that it made. */
  readonly subject?: string;
  readonly at: number;
  readonly status: number;
}

interface Token {
  readonly clientId: string;
  readonly until: number;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Base addresses that it answers. */
export const FAKE_ENDPOINTS = { api: "http://api.test", login: "http://login.test" };

export class FakeGenesys {
  readonly clients = new Map<string, FakeClient>();
  /** Requests that arrived: `GET /api/v2/oauth/clients`. */
  readonly calls: string[] = [];
  /** Requests that were answered. */
  readonly log: LoggedRequest[] = [];
  private readonly tokens = new Map<string, Token>();
  /** Organisation that a credential turns out to belong to. */
  orgId: string;
  /** Roles, divisions, and the grants of subjects. */
  readonly grants = new FakeGrants(this.clients);
  readonly integrations = new FakeIntegrationCredentials();
  readonly usage = new FakeUsage();
  /** How many requests arrived, and how fast. */
  readonly traffic: FakeTraffic;
  private numbers = 0;
  private partial = false;

  constructor(private readonly props: FakeGenesysProps) {
    const { organization } = props;
    this.orgId = props.orgId ?? organization?.id ?? "11111111-1111-4111-8111-111111111111";
    this.traffic = new FakeTraffic(props.clock, props.rateLimit);
    if (organization) this.grants.take(organization);
  }

  /** Adds a client that existed before. */
  seed(fields: Record<string, unknown>): FakeClient {
    const client = this.make({ authorizedGrantType: "CLIENT-CREDENTIALS", ...fields });
    client.createdAt -= 365 * 24 * 3_600_000;
    client.modifiedAt = client.createdAt;
    return client;
  }

  /** Address of the caller. */
  callerAddress = "192.0.2.1";

  /** Ids of clients whose roles do not let them see or change clients. */
  readonly powerless = new Set<string>();

  /** Ids of clients that nobody may change or delete. */
  readonly refusing = new Set<string>();

  /** Clients that were deleted while one of their tokens was still valid. */
  readonly cutOff: string[] = [];

  /** Gets a token, as a consumer does. */
  use(clientId: string, secret: string): boolean {
    const credential = Buffer.from(`${clientId}:${secret}`).toString("base64");
    const headers = { authorization: `Basic ${credential}` };
    const body = "grant_type=client_credentials";
    const query = new URLSearchParams();
    return this.mintToken({ method: "POST", path: "", query, headers, body }).status === 200;
  }

  /** Whether a credential could get a token now. New clients take a while. */
  works(clientId: string, secret: string): boolean {
    const client = this.clients.get(clientId);
    const isActive = client?.fields.state === "active" && client.deletedAt === undefined;
    return isActive && client.secret === secret;
  }

  /** Replaces the global `fetch`. */
  readonly fetch = (async (url: string, init: RequestInit = {}) => {
    const { pathname, searchParams } = new URL(url);
    const call = `${init.method ?? "GET"} ${pathname}`;
    const fault = this.props.fault?.(call) ?? "none";
    if (fault === "no request") throw new TypeError("fetch failed");
    this.calls.push(call);
    this.traffic.arrived();
    if (fault === "429") return respond(tooMany(3));
    if (fault === "503") return respond({ status: 503, body: { code: "unavailable" } });
    this.partial = fault === "partial list";
    const headers = init.headers as Record<string, string>;
    const caller = this.callerOf(headers);
    const reply = this.handle({
      method: init.method ?? "GET",
      path: pathname,
      query: searchParams,
      headers,
      body: `${init.body ?? ""}`,
    });
    const subject = subjectOf(call, reply);
    this.log.push({ call, caller, subject, at: this.props.clock.now(), status: reply.status });
    if (fault === "no answer") throw new TypeError("fetch failed");
    return respond(reply);
  }) as typeof fetch;

  /** Returns the id of the client that sends a request: of its token, or of its login. */
  callerOf({ authorization = "" }: Readonly<Record<string, string>>): string | undefined {
    const [kind, value = ""] = authorization.split(" ");
    if (kind === "Bearer") return this.tokens.get(value)?.clientId;
    return Buffer.from(value, "base64").toString().split(":")[0];
  }

  /** Whether an access token is accepted. Tokens of an inactive client work until they expire. */
  accepts(token: string): boolean {
    const { clientId = "", until = 0 } = this.tokens.get(token) ?? {};
    const client = this.clients.get(clientId);
    return client !== undefined && client.deletedAt === undefined && this.props.clock.now() < until;
  }

  /** Answers one request. */
  handle(request: Request): Reply {
    const { method, path } = request;
    if (path === "/oauth/token") return this.mintToken(request);
    const bearer = (request.headers.authorization ?? "").replace("Bearer ", "");
    if (bearer === this.grants.administratorToken) {
      if (path === "/api/v2/organizations/me") return { status: 200, body: { id: this.orgId } };
      return this.grants.handle(request, undefined) ?? { status: 404, body: { code: "not.found" } };
    }
    const token = this.tokens.get(bearer);
    if (!token || !this.accepts(bearer)) {
      return {
        status: 401,
        body: { code: "bad.credentials", message: "Invalid login credentials." },
      };
    }
    const wait = this.traffic.refused(bearer);
    if (wait !== undefined) return tooMany(wait);
    if (path === "/api/v2/tokens/me") {
      return method === "DELETE" ? this.endToken(bearer) : this.tokenOwner(token);
    }
    if (path === "/api/v2/organizations/me") return this.organizationItself();
    const configured = this.configured(request);
    if (configured) return configured;
    const granted = this.grants.handle(request, token.clientId);
    if (granted) return granted;
    const integration = this.integrations.handle(request, token.clientId);
    if (integration) return integration;
    if (this.powerless.has(token.clientId)) {
      const message = "You are missing the following permission(s): oauth:client:view";
      return { status: 403, body: { code: "missing.permissions", message } };
    }
    this.purge();
    if (path === "/api/v2/oauth/clients") {
      return method === "POST" ? this.create(request.body, token) : this.list(request.query);
    }
    const used = this.usage.handle(request);
    if (used) return used;
    const [, id = "", secret] = /^\/api\/v2\/oauth\/clients\/([^/]+)(\/secret)?$/.exec(path) ?? [];
    const client = this.clients.get(decodeURIComponent(id));
    if (method === "GET" && client && this.isNew(client))
      return { status: 404, body: { code: "not.found" } };
    const { organization } = this.props;
    if (!client && organization?.get("oauth_client", decodeURIComponent(id))) {
      return organization.handle(request) ?? { status: 404, body: { code: "not.found" } };
    }
    if (!client) return { status: 404, body: { code: "not.found" } };
    if (method === "GET") return { status: 200, body: shown(client) };
    if (this.refusing.has(client.id)) return { status: 403, body: { code: "not.authorized" } };
    if (method === "PUT") return this.update(client, request.body, token.clientId);
    if (method === "POST" && secret) return this.renew(client);
    if (method === "DELETE") return this.delete(client);
    return { status: 405, body: {} };
  }

  private organizationItself(): Reply {
    const name = this.props.organization?.name ?? "Fake";
    return { status: 200, body: { id: this.orgId, name, defaultCountryCode: "US" } };
  }

  /** Answers a request about the configuration; undefined if it is about something else. */
  private configured(request: Request): Reply | undefined {
    const { organization } = this.props;
    if (!organization) return undefined;
    // The organisation's clients are listed together with those that were made here.
    if (!request.path.startsWith("/api/v2/oauth/clients")) return organization.handle(request);
    return organization.denied.has("oauth_client") && request.method === "GET"
      ? missingPermission("oauth:client:view")
      : undefined;
  }

  /** Whether parts of Genesys Cloud do not know the client yet. */
  private isNew({ createdAt }: FakeClient): boolean {
    return this.props.clock.now() - createdAt < (this.props.lag ?? 0);
  }

  private mintToken({ headers, body }: Request): Reply {
    const basic = Buffer.from((headers.authorization ?? "").replace("Basic ", ""), "base64");
    const [id = "", secret = ""] = basic.toString().split(":");
    const client = this.clients.get(id);
    const known = client && !this.isNew(client) && this.admits(client);
    if (!known || !this.works(id, secret) || body !== "grant_type=client_credentials") {
      return {
        status: 401,
        body: { error: "invalid_client", error_description: "authentication failed" },
      };
    }
    const seconds = (client.fields.accessTokenValiditySeconds as number | undefined) ?? 86_400;
    const value = `token-${++this.numbers}`;
    this.tokens.set(value, { clientId: id, until: this.props.clock.now() + seconds * 1000 });
    return {
      status: 200,
      body: { access_token: value, token_type: "bearer", expires_in: seconds - 1 },
    };
  }

  private admits({ fields }: FakeClient): boolean {
    const { addresses } = this.props;
    const allowed = addresses && (fields[addresses.field] as readonly string[] | undefined);
    if (!allowed) return true;
    const list = new BlockList();
    for (const range of allowed) {
      const [network = "", size = "32"] = range.split("/");
      list.addSubnet(network, Number(size));
    }
    return list.check(this.callerAddress);
  }

  private tokenOwner({ clientId }: Token): Reply {
    const organization = { id: this.orgId, name: "Fake" };
    return {
      status: 200,
      body: {
        organization,
        homeOrganization: organization,
        OAuthClient: { id: clientId, organization },
      },
    };
  }

  private endToken(value: string): Reply {
    this.tokens.delete(value);
    return { status: 200, body: {} };
  }

  private list(query: URLSearchParams): Reply {
    const { pageSize = 25 } = this.props;
    const { organization } = this.props;
    const all = [
      ...[...this.clients.values()].filter((client) => !this.isNew(client)).map(shown),
      ...(organization?.all("oauth_client") ?? [])
        .filter(({ id }) => !organization?.unlisted.has(id))
        .map((client) => organization?.shown("oauth_client", client)),
    ];
    // The list is incomplete, without saying so.
    const visible = this.partial ? all.slice(all.length / 2) : all;
    const page = Number(query.get("pageNumber") ?? 1);
    const pageCount = Math.max(1, Math.ceil(visible.length / pageSize));
    return {
      status: 200,
      body: {
        entities: visible.slice((page - 1) * pageSize, page * pageSize),
        pageSize,
        pageNumber: page,
        pageCount,
        total: visible.length,
        nextUri: page < pageCount ? `/api/v2/oauth/clients?pageNumber=${page + 1}` : null,
      },
    };
  }

  private create(body: string, creator: Token): Reply {
    const fields = JSON.parse(body) as Record<string, unknown>;
    if (typeof fields.name !== "string") return { status: 400, body: { code: "bad.request" } };
    const { addresses } = this.props;
    if (addresses && !(addresses.field in fields)) {
      return {
        status: 400,
        body: { code: "bad.request", message: `${addresses.field} is required` },
      };
    }
    const given = this.given(creator.clientId, fields, []);
    if ("status" in given) return given;
    const client = this.make(given.fields);
    if (this.props.unknowns?.creators) client.createdBy = creator.clientId;
    return { status: 200, body: { ...shown(client), secret: client.secret } };
  }

  private make(fields: Record<string, unknown>): FakeClient {
    const now = this.props.clock.now();
    const number = ++this.numbers;
    const client: FakeClient = {
      id: `client-${number}`,
      secret: `test-secret-${number}`,
      createdAt: now,
      modifiedAt: now,
      fields: { state: "active", accessTokenValiditySeconds: 86_400, ...fields },
    };
    this.clients.set(client.id, client);
    return client;
  }

  private update(client: FakeClient, body: string, caller: string): Reply {
    const fields = JSON.parse(body) as Record<string, unknown>;
    const given = this.given(caller, fields, this.grants.heldBy(client.id));
    if ("status" in given) return given;
    // The whole client is replaced.
    client.fields = given.fields;
    this.touch(client);
    return { status: 200, body: shown(client) };
  }

  /** The fields that a request may set, by the roles that its caller holds. */
  private given(
    caller: string,
    fields: Record<string, unknown>,
    before: readonly Grant[],
  ): Reply | { readonly fields: Record<string, unknown> } {
    const { unheldRoles = "refused", refusalStatus = 403 } = this.props;
    const asked = (fields.roleDivisions ?? []) as Grant[];
    const unheld = this.grants.lackedBy(caller, [...asked, ...before]);
    if (unheld.length === 0 || unheldRoles === "allowed") return { fields };
    if (unheldRoles === "dropped") {
      return { fields: { ...fields, roleDivisions: asked.filter((one) => !unheld.includes(one)) } };
    }
    const message = "You cannot grant roles that you do not have";
    return { status: refusalStatus, body: { code: "grant.not.allowed", message } };
  }

  private renew(client: FakeClient): Reply {
    client.secret = `test-secret-${++this.numbers}`;
    this.touch(client);
    return { status: 200, body: { ...shown(client), secret: client.secret } };
  }

  private delete(client: FakeClient): Reply {
    if (client.fields.state === "active") {
      const message = "The client state must be set to inactive before deleting";
      return { status: 400, body: { code: "bad.request", message } };
    }
    const now = this.props.clock.now();
    const live = [...this.tokens.values()].some(
      ({ clientId, until }) => clientId === client.id && until > now,
    );
    if (live) this.cutOff.push(client.id);
    client.deletedAt ??= now;
    if (this.props.unknowns?.afterDelete === "deleted") client.fields.state = "deleted";
    this.purge();
    return { status: 200, body: {} };
  }

  private touch(client: FakeClient): void {
    if (this.props.unknowns?.modifies ?? true) client.modifiedAt = this.props.clock.now();
  }

  /** Removes the deleted clients that are no longer listed. */
  private purge(): void {
    const stay = this.props.unknowns?.afterDelete ? 7 * 24 * 3_600_000 : 0;
    for (const { id, deletedAt = Number.NaN } of this.clients.values()) {
      if (this.props.clock.now() - deletedAt >= stay) this.clients.delete(id);
    }
  }
}

const subjectOf = (call: string, { body }: Reply): string | undefined =>
  call === "POST /api/v2/oauth/clients"
    ? (body as { readonly id?: string }).id
    : / \/api\/v2\/oauth\/clients\/([^/]+)/.exec(call)?.[1];

const shown = ({ id, createdAt, modifiedAt, fields, createdBy }: FakeClient) => ({
  ...fields,
  ...(createdBy && { createdBy: { id: createdBy } }),
  id,
  dateCreated: new Date(createdAt).toISOString(),
  dateModified: new Date(modifiedAt).toISOString(),
  selfUri: `/api/v2/oauth/clients/${id}`,
});

const tooMany = (seconds: number): Reply => ({
  status: 429,
  headers: { "retry-after": `${seconds}`, "inin-correlation-id": "correlation-of-429" },
  body: {
    message: `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
    code: "too.many.requests.retry.after",
    status: 429,
    contextId: "correlation-of-429",
    details: [],
    errors: [],
  },
});

function respond({ status, body, headers = {} }: Reply) {
  return {
    ok: status < 400,
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => JSON.stringify(body ?? {}),
  };
}
