import { UserError } from "../../errors";
import { ApiError, BreakerOpenError } from "../../http/api-error";
import { type Call, type ResilienceProps, ResilientFetch } from "../../http/resilient-fetch";
import { CasMismatchError, type KvStore, type KvVersion, NotWrittenError } from "./kv-store";

/** Properties of an {@link HttpKvStore}. */
export interface HttpKvStoreProps extends ResilienceProps {
  /** URL of the Vault server. */
  readonly address: string;
  /** @default - the root namespace */
  readonly namespace?: string;
  /** Mount of the KV version 2 engine. */
  readonly mount: string;
  readonly token: string;
}

/**
 * Vault's KV version 2 engine, called over HTTP. Only reads are repeated: if the answer to a write
 * was lost, the write may have happened. No message contains the token or the content of an entry.
 */
export class HttpKvStore implements KvStore {
  private readonly http: ResilientFetch;

  constructor(private readonly props: HttpKvStoreProps) {
    this.http = new ResilientFetch(props);
  }

  async read(path: string, version?: number): Promise<KvVersion | undefined> {
    try {
      const query = version === undefined ? "" : `?version=${version}`;
      const { data } = ((await this.send("GET", path, query)) as ReadAnswer) ?? {};
      if (data?.data && data.metadata) return readVersion(data.data, data.metadata);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
    throw new UserError(
      `${this.props.mount} at ${this.props.address} is not a KV version 2 engine: correct the mount in the registry`,
    );
  }

  async put(path: string, value: KvVersion["value"], after: number): Promise<number> {
    const body = JSON.stringify({ data: value, options: { cas: after } });
    try {
      await this.send("POST", path, "", body);
      return after + 1;
    } catch (error) {
      const message = (error as Error).message;
      if (error instanceof BreakerOpenError) throw new NotWrittenError(message);
      if (!(error instanceof ApiError) || error.uncertain) throw error;
      if (error.code === CAS_MISMATCH) throw new CasMismatchError(message);
      throw new NotWrittenError(message);
    }
  }

  private async send(
    method: Call["method"],
    path: string,
    query: string,
    body?: string,
  ): Promise<unknown> {
    const { address, namespace, mount, token } = this.props;
    const target = `${encode(mount)}/data/${encode(path)}`;
    const answer = await this.http.send({
      method,
      url: `${address.replace(/\/+$/, "")}/v1/${target}${query}`,
      name: `${method} ${target} of ${address}`,
      headers: {
        "x-vault-token": token,
        "x-vault-request": "true",
        ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body,
      creates: method === "POST",
      problemIn,
    });
    return answer.body;
  }
}

interface Metadata {
  readonly version: number;
  /** ISO 8601. */
  readonly created_time: string;
}

interface ReadAnswer {
  readonly data?: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly metadata?: Metadata;
  };
}

const readVersion = (
  value: KvVersion["value"],
  { version, created_time: created }: Metadata,
): KvVersion => ({ version, value, createdAt: Date.parse(created) });

const encode = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

const CAS_MISMATCH = "cas.mismatch";

/** Vault's own messages are not passed on, since they may contain anything. */
function problemIn(body: unknown) {
  const { errors = [] } = (body ?? {}) as { readonly errors?: readonly unknown[] };
  const message = errors.join(" ");
  if (/check-and-set parameter did not match/.test(message)) {
    return { code: CAS_MISMATCH, message: "another version is the newest" };
  }
  if (/permission denied/.test(message)) {
    return { message: "permission denied: docs/vault.md has the policy that the token needs" };
  }
  return { message: /Vault is sealed/.test(message) ? "Vault is sealed" : undefined };
}
