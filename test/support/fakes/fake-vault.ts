import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../lib/http/clock";

// Vault's KV version 2 engine, as its API's documentation describes it: versions, check-and-set,
// deletion. It shares no code with the code that is tested against it.

interface Version {
  readonly value: Record<string, unknown>;
  readonly createdAt: number;
  deleted: boolean;
}

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
  /** @default 10 */
  readonly maxVersions?: number;
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
  private readonly entries = new Map<string, { newest: number; versions: Map<number, Version> }>();
  private late: Request[] = [];

  constructor(private readonly props: FakeVaultProps) {}

  /** Writes another version, as a person may. */
  write(path: string, value: Record<string, unknown>): number {
    const entry = this.entries.get(path) ?? { newest: 0, versions: new Map() };
    this.entries.set(path, entry);
    entry.newest += 1;
    const createdAt = this.props.clock.now();
    entry.versions.set(entry.newest, { value: structuredClone(value), createdAt, deleted: false });
    entry.versions.delete(entry.newest - (this.props.maxVersions ?? 10));
    return entry.newest;
  }

  /** Returns a version that is neither deleted nor dropped. */
  at(path: string, version = this.newest(path)): Record<string, unknown> | undefined {
    const found = this.entries.get(path)?.versions.get(version);
    return found && !found.deleted ? found.value : undefined;
  }

  newest(path: string): number {
    return this.entries.get(path)?.newest ?? 0;
  }

  /** Deletes a version. It is kept, and can be undeleted. */
  delete(path: string, version = this.newest(path)): void {
    const found = this.entries.get(path)?.versions.get(version);
    if (found) found.deleted = true;
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
  handle({ method, path, query, headers, body }: Request): Reply {
    this.calls.push(`${method} ${path.replace("/v1/", "")}${query.size > 0 ? `?${query}` : ""}`);
    this.headers.push(headers);
    if (headers["x-vault-token"] !== VAULT_TOKEN) {
      const errors = ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"];
      return { status: 403, body: { errors } };
    }
    if (path === "/v1/auth/token/lookup-self") {
      const { role, roleField = "role", type = "service" } = this.props;
      const meta = role ? { [roleField]: role } : null;
      return { status: 200, body: { data: { ttl: 3600, type, meta } } };
    }
    if (path === "/v1/sys/capabilities-self") return this.capabilities(JSON.parse(body));
    const prefix = `/v1/${this.props.mount ?? "secret"}/data/`;
    if (!path.startsWith(prefix)) {
      return { status: 404, body: { errors: [`no handler for route "${path.slice(4)}"`] } };
    }
    const name = decodeURIComponent(path.slice(prefix.length));
    if (this.denied.has(name)) {
      return { status: 403, body: { errors: ["1 error occurred:\n\t* permission denied\n\n"] } };
    }
    if (method === "GET") return this.get(name, Number(query.get("version") ?? 0));
    return this.post(name, JSON.parse(body));
  }

  private capabilities({ paths }: { paths: readonly string[] }): Reply {
    const { capabilities = { "auth/token/create": ["create", "sudo", "update"] } } = this.props;
    if (capabilities === "denied") {
      return { status: 403, body: { errors: ["1 error occurred:\n\t* permission denied\n\n"] } };
    }
    const byPath = Object.fromEntries(paths.map((path) => [path, capabilities[path] ?? ["deny"]]));
    // For a single path, Vault also answers under this name.
    const only = paths.length === 1 ? { capabilities: byPath[paths[0] as string] } : {};
    return { status: 200, body: { ...byPath, ...only, data: byPath } };
  }

  private get(name: string, wanted: number): Reply {
    const entry = this.entries.get(name);
    // 0 is the newest.
    const version = wanted === 0 ? entry?.newest : wanted;
    const found = version === undefined ? undefined : entry?.versions.get(version);
    if (!found || version === undefined) return { status: 404, body: { errors: [] } };
    const metadata = metadataOf(version, found);
    if (found.deleted) return { status: 404, body: { data: { data: null, metadata } } };
    return { status: 200, body: { data: { data: found.value, metadata } } };
  }

  private post(
    name: string,
    { data, options }: { data: Record<string, unknown>; options?: { cas?: number } },
  ): Reply {
    if (options?.cas !== undefined && options.cas !== this.newest(name)) {
      const errors = ["check-and-set parameter did not match the current version"];
      return { status: 400, body: { errors } };
    }
    const version = this.write(name, data);
    const written = this.entries.get(name)?.versions.get(version) as Version;
    return { status: 200, body: { data: metadataOf(version, written) } };
  }
}

const metadataOf = (version: number, { createdAt, deleted }: Version) => ({
  // Vault writes nanoseconds.
  created_time: new Date(createdAt).toISOString().replace("Z", "123456Z"),
  custom_metadata: null,
  deletion_time: deleted ? "2026-11-21T00:00:00Z" : "",
  destroyed: false,
  version,
});

function respond({ status, body, headers = {} }: Reply) {
  return {
    ok: status < 400,
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => JSON.stringify(body ?? {}),
  };
}

/** Serves the fake on loopback, for as long as `use` takes. */
export async function serveVault<Result>(
  vault: Pick<FakeVault, "handle">,
  use: (address: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const { status, body, headers } = vault.handle({
      method: request.method ?? "GET",
      path: pathname,
      query: searchParams,
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
