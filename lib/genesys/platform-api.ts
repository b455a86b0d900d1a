import { ApiError } from "../http/api-error";
import { AuthenticatedCalls } from "./authenticated-calls";
import type {
  IntegrationCredentialRequest,
  OAuthClient,
  OAuthClientRequest,
  TokenOwner,
} from "./models";

/**
 * The Platform API of one organisation, called as one OAuth client (client credentials), or with a
 * given access token.
 *
 * Each call throws {@link ApiError} when it has failed for good, and BreakerOpenError when it was
 * not even sent.
 */
export class PlatformApi extends AuthenticatedCalls {
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
   * @throws ApiError when the received list is incomplete, also when it is read again
   */
  async oauthClients(): Promise<OAuthClient[]> {
    for (let attempt = 1; ; attempt++) {
      const { clients, total } = await this.readClients();
      // The caller is one of the clients: a list without it is incomplete, whatever its total says.
      const { props } = this;
      const hasCaller = "accessToken" in props || clients.some(({ id }) => id === props.clientId);
      if (clients.length >= total && hasCaller) return clients;
      if (attempt < LIST_ATTEMPTS) continue;
      const error = incomplete(clients.length, total, hasCaller);
      this.props.onGiveUp?.(error);
      throw error;
    }
  }

  /** Returns the clients on all pages, and how many there were while they were read. */
  private async readClients(): Promise<{ clients: OAuthClient[]; total: number }> {
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
    return { clients: [...byId.values()], total };
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
    const options = { creates: true };
    return (await this.call("POST", "/api/v2/oauth/clients", request, options)) as OAuthClient;
  }

  /** Gives a client a new secret; the previous one stops working. */
  async renewSecret(id: string): Promise<OAuthClient> {
    const options = { creates: true };
    return (await this.call("POST", `${clientPath(id)}/secret`, undefined, options)) as OAuthClient;
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
   * Replaces the name and all fields of an integration credential. Needs the permission
   * `integrations:integration:edit`. No answer of the API has the fields.
   * @returns whether it exists
   */
  async updateIntegrationCredential(
    id: string,
    request: IntegrationCredentialRequest,
  ): Promise<boolean> {
    const path = `/api/v2/integrations/credentials/${encodeURIComponent(id)}`;
    try {
      await this.call("PUT", path, request, { secrets: [request.credentialFields.clientSecret] });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

/** A page of clients. */
export interface ClientPage {
  readonly entities?: OAuthClient[];
  readonly total?: number;
  readonly nextUri?: string | null;
}

/**
 * How often the list is read before it counts as incomplete. Clients are deleted meanwhile, for example
 * those of Vault's leases: then a page lacks one that moved to the page before.
 */
const LIST_ATTEMPTS = 3;

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
    LIST_ATTEMPTS,
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
