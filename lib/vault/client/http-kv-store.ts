import { UserError } from "../../errors";
import { ApiError, BreakerOpenError } from "../../http/api-error";
import { CasMismatchError, type KvStore, type KvVersion, NotWrittenError } from "./kv-store";
import { encodePath, VAULT_PROBLEMS, VaultApi, type VaultApiProps } from "./vault-api";

/** Properties of an {@link HttpKvStore}. */
export interface HttpKvStoreProps extends VaultApiProps {
  /** Mount of the KV version 2 engine. */
  readonly mount: string;
}

/**
 * Vault's KV version 2 engine, called over HTTP. Only reads are repeated: if the answer to a write
 * was lost, the write may have happened. No message contains the token or the content of an entry.
 */
export class HttpKvStore implements KvStore {
  private readonly api: VaultApi;

  constructor(private readonly props: HttpKvStoreProps) {
    this.api = new VaultApi(props);
  }

  async read(path: string, version?: number): Promise<KvVersion | undefined> {
    const query = version === undefined ? "" : `?version=${version}`;
    let answer: ReadAnswer | undefined;
    try {
      answer = (await this.api.send({
        method: "GET",
        path: this.target(path),
        query,
      })) as ReadAnswer;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      if (error.code === VAULT_PROBLEMS.noMount) throw this.wrongMount("does not exist");
      // An engine of version 1 answers as if there was no such entry.
      if (version === undefined) await this.refuseOtherEngine(path);
      return undefined;
    }
    const { data, metadata } = answer?.data ?? {};
    if (data && metadata) return readVersion(data, metadata);
    throw this.wrongMount("is not a KV engine of version 2");
  }

  async put(path: string, value: KvVersion["value"], after: number): Promise<number> {
    try {
      await this.api.send({
        method: "POST",
        path: this.target(path),
        content: { data: value, options: { cas: after } },
        creates: true,
      });
      return after + 1;
    } catch (error) {
      const message = (error as Error).message;
      if (error instanceof BreakerOpenError) throw new NotWrittenError(message);
      if (!(error instanceof ApiError) || error.uncertain) throw error;
      if (error.code === VAULT_PROBLEMS.casMismatch) throw new CasMismatchError(message);
      throw new NotWrittenError(message);
    }
  }

  private target = (path: string): string =>
    `${encodePath(this.props.mount)}/data/${encodePath(path)}`;

  /** Asks what is mounted, which every token may that may do anything there. */
  private async refuseOtherEngine(path: string): Promise<void> {
    const mount = await this.api
      .send({ method: "GET", path: `sys/internal/ui/mounts/${this.target(path)}` })
      .catch(() => undefined);
    const { type, options } = (mount as MountAnswer | undefined)?.data ?? {};
    if (type === undefined || (type === "kv" && options?.version === "2")) return;
    throw this.wrongMount(
      type === "kv" ? "is a KV engine of version 1" : `is an engine of type ${type}`,
    );
  }

  private wrongMount(what: string): UserError {
    const { mount, address, namespace } = this.props;
    const where = namespace === undefined ? address : `${address}, namespace ${namespace}`;
    return new UserError(
      `the mount ${mount} of ${where} ${what}: correct vault.mount in the registry, or mount a KV engine of version 2 there`,
    );
  }
}

interface Metadata {
  readonly version: number;
  /** ISO 8601. */
  readonly created_time: string;
  /** ISO 8601; empty if the version is not deleted, and will not be. */
  readonly deletion_time?: string;
}

interface ReadAnswer {
  readonly data?: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly metadata?: Metadata;
  };
}

interface MountAnswer {
  readonly data?: { readonly type?: string; readonly options?: { readonly version?: string } };
}

const readVersion = (
  value: KvVersion["value"],
  { version, created_time: created, deletion_time: deleted }: Metadata,
): KvVersion => ({
  version,
  value,
  createdAt: Date.parse(created),
  ...(deleted && { deletedAt: Date.parse(deleted) }),
});
