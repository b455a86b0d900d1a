import type { Clock } from "../../../lib/http/clock";
import { type Handler, serve } from "../loopback-front";
import { type AwsLogin, type AwsLogins, logInByAws } from "./fake-aws-login";
import type { FakeEngine } from "./fake-engine";

// Vault's KV version 2 engine: versions, check-and-set, deletion; and what the commands ask besides. It is
// held against a real server by vault-contract.ts, and shares no code with the code that is tested against it.

interface Version {
  readonly value: Record<string, unknown>;
  readonly createdAt: number;
  /** Also a time to come, by `delete_version_after`. */
  deletedAt?: number;
  destroyed: boolean;
}

interface FakeEntry {
  newest: number;
  readonly versions: Map<number, Version>;
  /** 0: that of the mount. */
  maxVersions: number;
  /** Milliseconds; 0: never. */
  deleteAfter: number;
  casRequired: boolean;
}

/** The engines' own limit, if neither mount nor entry has one. */
const MOST_VERSIONS = 10;

/** A failure of one request. `late`: it is carried out after its sender gave up. */
export type VaultFault = "none" | "429" | "503" | "no request" | "no answer" | "late";

export interface FakeVaultProps {
  readonly clock: Clock;
  /** @default "secret" */
  readonly mount?: string;
  /**
   * Role of the login, which is in the token's metadata.
   * @default none
   */
  readonly role?: string;
  /**
   * The metadata field of the role: AppRole and Kubernetes write `role_name`.
   * @default "role"
   */
  readonly roleField?: "role" | "role_name";
  /** @default "service" */
  readonly type?: "service" | "batch";
  /**
   * The token's capabilities by path, or `denied` if it may not ask for them.
   * @default - those of a token that may create tokens
   */
  readonly capabilities?: Readonly<Record<string, readonly string[]>> | "denied";
  /** Of the mount. @default 10 */
  readonly maxVersions?: number;
  /** @default 2 */
  readonly kvVersion?: 1 | 2;
  /** Types of the audit devices; `denied` if the token may not list them. @default "denied" */
  readonly audit?: readonly string[] | "denied";
  /** Whether the token may read the settings of entries and mount. @default false */
  readonly readsMetadata?: boolean;
  /** Roles of the login by JWT, each with the JWT that it accepts. @default - none */
  readonly jwtRoles?: Readonly<Record<string, string>>;
  /** Secrets engines of Genesys Cloud. @default - none */
  readonly engines?: readonly Pick<FakeEngine, "handle">[];
  /** The login by AWS. @default - nothing is mounted */
  readonly awsLogins?: AwsLogins;
  /** Called before every request. */
  readonly fault?: (call: string) => VaultFault;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const VAULT_TOKEN = "test-secret-vault-token";

export class FakeVault {
  /** Requests that arrived: `GET secret/data/<entry>`. */
  readonly calls: string[] = [];
  readonly headers: Readonly<Record<string, string>>[] = [];
  /** Entries that the token's policy does not allow. */
  readonly denied = new Set<string>();
  private readonly entries = new Map<string, FakeEntry>();
  private late: Request[] = [];
  private awsMetadata: object | undefined;

  constructor(private readonly props: FakeVaultProps) {}

  /** Writes another version, as a person may. */
  write(path: string, value: Record<string, unknown>): number {
    const entry = this.entryAt(path);
    entry.newest += 1;
    const createdAt = this.props.clock.now();
    entry.versions.set(entry.newest, {
      value: structuredClone(value),
      createdAt,
      ...(entry.deleteAfter > 0 && { deletedAt: createdAt + entry.deleteAfter }),
      destroyed: false,
    });
    const most = entry.maxVersions || this.props.maxVersions || MOST_VERSIONS;
    for (const version of entry.versions.keys()) {
      if (version <= entry.newest - most) entry.versions.delete(version);
    }
    return entry.newest;
  }

  /** Changes the settings of an entry, which exists then without a version. */
  configure(
    path: string,
    settings: Partial<Pick<FakeEntry, "maxVersions" | "deleteAfter" | "casRequired">>,
  ): void {
    Object.assign(this.entryAt(path), settings);
  }

  private entryAt(path: string): FakeEntry {
    const entry = this.entries.get(path) ?? {
      newest: 0,
      versions: new Map(),
      maxVersions: 0,
      deleteAfter: 0,
      casRequired: false,
    };
    this.entries.set(path, entry);
    return entry;
  }

  /** Returns a version that is neither deleted nor dropped. */
  at(path: string, version = this.newest(path)): Record<string, unknown> | undefined {
    const found = this.entries.get(path)?.versions.get(version);
    return found && !this.isGone(found) ? found.value : undefined;
  }

  newest(path: string): number {
    return this.entries.get(path)?.newest ?? 0;
  }

  /** Deletes a version. It is kept, and can be undeleted. */
  delete(path: string, version = this.newest(path)): void {
    const found = this.entries.get(path)?.versions.get(version);
    if (found && !this.isGone(found)) found.deletedAt = this.props.clock.now();
  }

  private isGone({ deletedAt = Number.POSITIVE_INFINITY, destroyed }: Version): boolean {
    return destroyed || deletedAt <= this.props.clock.now();
  }

  /** Carries out the late requests. */
  flush(): void {
    for (const request of this.late.splice(0)) this.handle(request);
  }

  /** Replaces the global `fetch`. */
  readonly fetch = (async (url: string, init: RequestInit = {}) => {
    const { pathname, searchParams } = new URL(url);
    const call = `${init.method ?? "GET"} ${pathname.replace("/v1/", "")}`;
    const fault = this.props.fault?.(call) ?? "none";
    if (fault === "no request") throw new TypeError("fetch failed");
    if (fault === "429") return respond({ status: 429, body: { errors: ["quota exceeded"] } });
    if (fault === "503") return respond({ status: 503, body: { errors: ["Vault is sealed"] } });
    const request = {
      method: init.method ?? "GET",
      path: pathname,
      query: searchParams,
      headers: init.headers as Record<string, string>,
      body: `${init.body ?? ""}`,
    };
    if (fault === "late") {
      this.late.push(request);
      throw new TypeError("fetch failed");
    }
    const reply = this.handle(request);
    if (fault === "no answer") throw new TypeError("fetch failed");
    return respond(reply);
  }) as typeof fetch;

  /** Answers one request. */
  handle(request: Request): Reply {
    const { method, path, query, headers, body } = request;
    this.calls.push(`${method} ${path.replace("/v1/", "")}${query.size > 0 ? `?${query}` : ""}`);
    this.headers.push(headers);
    const [, login] = /^\/v1\/auth\/([^/]+)\/login$/.exec(path) ?? [];
    if (login === "aws") return this.logInByAws(JSON.parse(body));
    if (login !== undefined) return this.logIn(login, JSON.parse(body));
    const token = headers["x-vault-token"];
    if (!token) return refuse(403, "permission denied");
    if (token !== VAULT_TOKEN) {
      return refuse(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
    }
    return (
      this.ofToken(path, body) ??
      this.ofSystem(path) ??
      this.ofEngine(request) ??
      this.ofMount(request)
    );
  }

  private ofToken(path: string, body: string): Reply | undefined {
    if (path === "/v1/auth/token/lookup-self") {
      const { role, roleField = "role", type = "service" } = this.props;
      const meta = this.awsMetadata ?? (role ? { [roleField]: role } : null);
      return { status: 200, body: { data: { ttl: 3600, type, meta } } };
    }
    if (path === "/v1/sys/capabilities-self") return this.capabilities(JSON.parse(body));
    return undefined;
  }

  private ofSystem(path: string): Reply | undefined {
    if (path === "/v1/sys/audit") {
      const { audit = "denied" } = this.props;
      if (audit === "denied") return DENIED;
      const data = Object.fromEntries(audit.map((type) => [`${type}/`, { type }]));
      return { status: 200, body: { data } };
    }
    const [, below] = /^\/v1\/sys\/internal\/ui\/mounts\/(.*)$/.exec(path) ?? [];
    if (below === undefined) return undefined;
    if (!below.startsWith(`${this.mount}/`)) {
      return refuse(
        403,
        `preflight capability check returned 403, please ensure client's policies grant access to path "${below}/"`,
      );
    }
    const options = { version: String(this.props.kvVersion ?? 2) };
    return { status: 200, body: { data: { type: "kv", path: `${this.mount}/`, options } } };
  }

  private ofEngine({ method, path, body }: Request): Reply | undefined {
    const below = decodeURIComponent(path.slice("/v1/".length));
    for (const engine of this.props.engines ?? []) {
      const reply = engine.handle(method, below, body);
      if (reply) return reply;
    }
    return undefined;
  }

  private get mount(): string {
    return this.props.mount ?? "secret";
  }

  private ofMount({ method, path, query, body }: Request): Reply {
    const below = decodeURIComponent(path.slice("/v1/".length));
    if (!below.startsWith(`${this.mount}/`)) {
      return refuse(404, `no handler for route "${below}". route entry not found.`);
    }
    const [, part = "", name = ""] =
      /^([^/]+)\/?(.*)$/.exec(below.slice(this.mount.length + 1)) ?? [];
    if (this.denied.has(name)) return DENIED;
    // An engine of version 1 has an entry "data/<name>", or rather has none.
    if (this.props.kvVersion === 1) return refuse(404);
    if (part === "metadata" || part === "config") return this.settings(part, method, name, body);
    if (part === "data") return this.data(method, name, query, body);
    const { versions = [] } = JSON.parse(body) as { versions?: readonly number[] };
    for (const version of versions) this.change(part, name, version);
    return { status: 204 };
  }

  private data(method: string, name: string, query: URLSearchParams, body: string): Reply {
    if (method === "GET") return this.get(name, Number(query.get("version") ?? 0));
    if (method === "POST") return this.post(name, JSON.parse(body));
    this.delete(name);
    return { status: 204 };
  }

  private change(how: string, name: string, version: number): void {
    const found = this.entries.get(name)?.versions.get(version);
    if (how === "delete") this.delete(name, version);
    if (how === "undelete" && found && !found.destroyed) found.deletedAt = undefined;
    if (how === "destroy" && found) found.destroyed = true;
  }

  private settings(part: string, method: string, name: string, body: string): Reply {
    if (!this.props.readsMetadata) return DENIED;
    if (part === "config") {
      const { maxVersions = 0 } = this.props;
      const data = { cas_required: false, delete_version_after: "0s", max_versions: maxVersions };
      return { status: 200, body: { data } };
    }
    if (method === "POST") {
      const {
        max_versions: maxVersions = 0,
        delete_version_after: after = "0s",
        cas_required: casRequired = false,
      } = JSON.parse(body);
      const deleteAfter = Number.parseInt(after, 10) * 1000;
      this.configure(name, { maxVersions, deleteAfter, casRequired });
      return { status: 204 };
    }
    const entry = this.entries.get(name);
    if (!entry) return refuse(404);
    const data = {
      cas_required: entry.casRequired,
      current_version: entry.newest,
      delete_version_after: `${entry.deleteAfter / 1000}s`,
      max_versions: entry.maxVersions,
    };
    return { status: 200, body: { data } };
  }

  private logInByAws(login: AwsLogin): Reply {
    const { awsLogins } = this.props;
    if (awsLogins === undefined) return refuse(403, "permission denied");
    const answer = logInByAws(awsLogins, login);
    if ("refused" in answer) return refuse(400, answer.refused);
    // Not the role's name.
    this.awsMetadata = { account_id: answer.account, auth_type: "iam", role_id: "test-role-id" };
    const auth = { client_token: VAULT_TOKEN, metadata: this.awsMetadata };
    return { status: 200, body: { auth } };
  }

  private logIn(mount: string, { role = "", jwt }: { role?: string; jwt?: string }): Reply {
    const { jwtRoles } = this.props;
    if (mount !== "jwt" || jwtRoles === undefined) return refuse(403, "permission denied");
    if (jwtRoles[role] === undefined) return refuse(400, `role "${role}" could not be found`);
    if (jwtRoles[role] !== jwt) {
      return refuse(400, 'error validating claims: claim "environment" does not match');
    }
    return { status: 200, body: { auth: { client_token: VAULT_TOKEN, metadata: { role } } } };
  }

  private capabilities({ paths }: { paths: readonly string[] }): Reply {
    const { capabilities = { "auth/token/create": ["create", "sudo", "update"] } } = this.props;
    if (capabilities === "denied") return DENIED;
    const byPath = Object.fromEntries(paths.map((path) => [path, capabilities[path] ?? ["deny"]]));
    // For a single path, Vault also answers under this name.
    const only = paths.length === 1 ? { capabilities: byPath[paths[0] as string] } : {};
    return { status: 200, body: { ...byPath, ...only, data: { ...byPath, ...only } } };
  }

  private get(name: string, wanted: number): Reply {
    const entry = this.entries.get(name);
    // 0 is the newest.
    const version = wanted === 0 ? entry?.newest : wanted;
    const found = version === undefined ? undefined : entry?.versions.get(version);
    if (!found || version === undefined) return refuse(404);
    const metadata = metadataOf(version, found);
    if (this.isGone(found)) return { status: 404, body: { data: { data: null, metadata } } };
    return { status: 200, body: { data: { data: found.value, metadata } } };
  }

  private post(
    name: string,
    { data, options }: { data: Record<string, unknown>; options?: { cas?: number } },
  ): Reply {
    if (options?.cas === undefined && this.entries.get(name)?.casRequired) {
      return refuse(400, "check-and-set parameter required for this call");
    }
    if (options?.cas !== undefined && options.cas !== this.newest(name)) {
      return refuse(400, "check-and-set parameter did not match the current version");
    }
    const version = this.write(name, data);
    const written = this.entries.get(name)?.versions.get(version) as Version;
    return { status: 200, body: { data: metadataOf(version, written) } };
  }
}

const refuse = (status: number, ...errors: string[]): Reply => ({ status, body: { errors } });

const DENIED = refuse(403, "1 error occurred:\n\t* permission denied\n\n");

// Vault writes nanoseconds.
const timeOf = (at: number) => new Date(at).toISOString().replace("Z", "123456Z");

const metadataOf = (version: number, { createdAt, deletedAt, destroyed }: Version) => ({
  created_time: timeOf(createdAt),
  custom_metadata: null,
  deletion_time: deletedAt === undefined ? "" : timeOf(deletedAt),
  destroyed,
  version,
});

function respond({ status, body, headers = {} }: Reply) {
  return {
    ok: status < 400,
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    // Seen with Vault 1.21.0: such an answer has no content.
    text: async () => (status === 204 ? "" : JSON.stringify(body ?? {})),
  };
}

/** Serves the fake over HTTP. */
export const vaultHandler =
  (vault: Pick<FakeVault, "handle">): Handler =>
  async ({ method, url, headers, body }) => {
    const { pathname, searchParams } = new URL(url, "http://vault");
    const answer = vault.handle({
      method,
      path: pathname,
      query: searchParams,
      headers: headers as Record<string, string>,
      body: body.toString(),
    });
    return {
      status: answer.status,
      headers: { "content-type": "application/json", ...answer.headers },
      body: Buffer.from(answer.status === 204 ? "" : JSON.stringify(answer.body ?? {})),
    };
  };

/** Serves the fake on loopback, for as long as `use` takes. */
export async function serveVault<Result>(
  vault: Pick<FakeVault, "handle">,
  use: (address: string) => Promise<Result>,
): Promise<Result> {
  const front = await serve(vaultHandler(vault));
  try {
    return await use(front.url);
  } finally {
    await front.stop();
  }
}
