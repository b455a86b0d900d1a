import type { Clock } from "../../lib/http/clock";

// The parts of Vault 1.21 that a leasing consumer meets, with the two leasing paths of the secrets engine. A
// lease that cannot be renewed is refused with 400; 202 and 204 have an empty body.

export const MOUNT = "genesyscloud/na-prod";
export const ROLE = "crm-sync";
export const GIVEN_TOKEN = "test-secret-given-token";
export const JWT = "test-secret-jwt";

/** A lease. Times are in milliseconds since 1970. */
export interface VaultLeaseEntry {
  readonly id: string;
  readonly kind: "token" | "creds";
  readonly vaultToken: string;
  readonly clientId: string;
  /** The leased token, of the kind "token". */
  readonly accessToken?: string;
  readonly issuedAt: number;
  ends: number;
  revoked: boolean;
  /** Whether its consumer cannot know it, or Vault was not told to revoke it. */
  lost: boolean;
}

/** Durations of a role, in seconds. */
export interface RoleTerms {
  /** Of a client, until its lease is renewed. */
  readonly first: number;
  readonly ttl: number;
  readonly maxTtl: number;
}

/** What the engine does in Genesys Cloud. */
export interface LeasedOrg {
  /** Makes a client. */
  make(): { readonly id: string; readonly secret: string };
  isActive(clientId: string): boolean;
  deactivate(clientId: string): void;
  mint(clientId: string, secret: string): Promise<string>;
  endToken(token: string): void;
  /** The fields of an answer that tell of the organisation. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** One request. */
export interface VaultRequest {
  /** Method and path below `/v1/`. */
  readonly call: string;
  readonly token: string;
  readonly body: Readonly<Record<string, string>>;
}

export class FakeLeaseVault {
  readonly leases = new Map<string, VaultLeaseEntry>();
  /** Leases by what was leased: an access token, or the id of a client. */
  readonly leaseOf = new Map<string, VaultLeaseEntry>();
  private readonly open = new Set<VaultLeaseEntry>();
  /** Vault tokens, and when they end. */
  readonly tokens = new Map([[GIVEN_TOKEN, Number.POSITIVE_INFINITY]]);
  /** Calls that the consumer's policy does not allow. */
  readonly denied = new Set<string>();
  /** Clients that the engine has removed. It does not know what others did to them. */
  readonly removed = new Set<string>();
  /** Seconds for which the token of a login lasts. */
  loginSeconds = 7200;
  private numbers = 0;
  private roleClient: ReturnType<LeasedOrg["make"]>;

  constructor(
    private readonly clock: Clock,
    private readonly org: LeasedOrg,
    private readonly terms: RoleTerms,
  ) {
    this.roleClient = org.make();
  }

  isAlive = ({ revoked, ends }: VaultLeaseEntry): boolean => !revoked && this.clock.now() < ends;

  alive = (): VaultLeaseEntry[] => [...this.open].filter(this.isAlive);

  /** Gives the role another client. Tokens of the client before go on working. */
  rotateRoleClient(): string {
    this.roleClient = this.org.make();
    return this.roleClient.id;
  }

  endLease(lease: VaultLeaseEntry): void {
    lease.revoked = true;
    this.open.delete(lease);
    if (lease.accessToken) this.org.endToken(lease.accessToken);
    else this.org.deactivate(lease.clientId);
  }

  /** Ends a Vault token, and with it its leases. */
  endToken(token: string): void {
    this.tokens.delete(token);
    for (const lease of this.alive()) if (lease.vaultToken === token) this.endLease(lease);
  }

  /** Ends what is over. */
  expire(): void {
    const now = this.clock.now();
    for (const [token, ends] of this.tokens) if (now >= ends) this.endToken(token);
    for (const lease of this.open) if (now >= lease.ends) this.endLease(lease);
  }

  async handle({ call, token, body }: VaultRequest): Promise<Answer> {
    this.expire();
    if (call === "POST auth/jwt/login") return this.logIn(body);
    if (!this.tokens.has(token)) {
      return refuse(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
    }
    if (this.denied.has(call)) return refuse(403, "1 error occurred:\n\t* permission denied\n\n");
    const [, path = ""] = call.split(" ");
    if (path.startsWith("auth/token/")) return this.ofToken(path, token);
    if (path === "sys/leases/renew") return this.renew(body.lease_id ?? "");
    if (path === "sys/leases/revoke") return this.revoke(body.lease_id ?? "");
    if (path === `${MOUNT}/token/${ROLE}`) return this.leaseToken(token);
    if (path === `${MOUNT}/creds/${ROLE}`) return this.leaseClient(token);
    if (path.startsWith(`${MOUNT}/`)) return refuse(400, "there is no such role: test-secret-echo");
    // Another engine: without a lease, and with one.
    if (path.startsWith("kv/")) return leased("", 2_764_800, false, { value: "test-secret" });
    if (path.startsWith("database/")) return this.leaseOther(token);
    return refuse(404, `no handler for route "${path}". route entry not found.`);
  }

  private ofToken(path: string, token: string): Answer {
    if (path === "auth/token/lookup-self") return { status: 200, body: { data: { ttl: 60 } } };
    if (path === "auth/token/revoke-self") {
      this.endToken(token);
      return { status: 204 };
    }
    this.tokens.set(token, this.clock.now() + 1000 * this.loginSeconds);
    return { status: 200, body: { auth: { lease_duration: this.loginSeconds } } };
  }

  private logIn({ role, jwt }: VaultRequest["body"]): Answer {
    if (role !== ROLE || jwt !== JWT) return refuse(400, `error validating token ${jwt}`);
    const client_token = `test-secret-login-${++this.numbers}`;
    this.tokens.set(client_token, this.clock.now() + 1000 * this.loginSeconds);
    return { status: 200, body: { auth: { client_token, lease_duration: this.loginSeconds } } };
  }

  private async leaseToken(vaultToken: string): Promise<Answer> {
    const { id: clientId, secret } = this.roleClient;
    if (!this.org.isActive(clientId)) return refuse(400, "someone deactivated the client");
    const accessToken = await this.org.mint(clientId, secret);
    const { ttl } = this.terms;
    const lease = this.enter({ kind: "token", vaultToken, clientId, accessToken }, ttl);
    const expires_at = new Date(lease.ends).toISOString();
    return leased(lease.id, ttl, false, {
      ...this.org.fields,
      client_id: clientId,
      access_token: accessToken,
      token_type: "Bearer",
      expires_at,
    });
  }

  private leaseClient(vaultToken: string): Answer {
    const { id: clientId, secret } = this.org.make();
    const { first } = this.terms;
    const lease = this.enter({ kind: "creds", vaultToken, clientId }, first);
    const fields = { ...this.org.fields, client_id: clientId, client_secret: secret };
    return leased(lease.id, first, true, fields);
  }

  private leaseOther(vaultToken: string): Answer {
    const lease = this.enter({ kind: "creds", vaultToken, clientId: "none" }, 600);
    return leased(lease.id, 600, true, { username: "a", password: "test-secret" });
  }

  private enter(
    made: Pick<VaultLeaseEntry, "kind" | "vaultToken" | "clientId" | "accessToken">,
    seconds: number,
  ): VaultLeaseEntry {
    const issuedAt = this.clock.now();
    const id = `${MOUNT}/${made.kind}/${ROLE}/lease-${++this.numbers}`;
    const lease = { ...made, id, issuedAt, ends: issuedAt + 1000 * seconds };
    const entry: VaultLeaseEntry = { ...lease, revoked: false, lost: false };
    this.leases.set(id, entry);
    this.leaseOf.set(made.accessToken ?? made.clientId, entry);
    this.open.add(entry);
    return entry;
  }

  private renew(id: string): Answer {
    const lease = this.leases.get(id);
    if (!lease || !this.isAlive(lease)) return refuse(400, "lease not found");
    if (lease.kind === "token") return refuse(400, "lease is not renewable");
    if (this.removed.has(lease.clientId)) return refuse(400, "the client was removed");
    const now = this.clock.now();
    const left = Math.floor((lease.issuedAt - now) / 1000) + this.terms.maxTtl;
    const seconds = Math.min(this.terms.ttl, left);
    lease.ends = now + 1000 * seconds;
    return leased(id, seconds, true, null);
  }

  private revoke(id: string): Answer {
    const lease = this.leases.get(id);
    if (lease && this.isAlive(lease)) this.endLease(lease);
    return { status: 202 };
  }
}

const leased = (lease_id: string, lease_duration: number, renewable: boolean, data: unknown) => ({
  status: 200,
  body: { request_id: "1", lease_id, lease_duration, renewable, data, warnings: null, auth: null },
});

export const refuse = (status: number, error: string): Answer => ({
  status,
  body: { errors: [error] },
});
