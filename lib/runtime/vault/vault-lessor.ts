import { ApiError } from "../../http/api-error";
import { isTransient } from "../../http/retry";
import { ENGINE_TIMEOUT, encodePath } from "../../vault/client/vault-api";
import type { Lease, LeaseTerm, Lessor } from "./held-lease";
import type { VaultCaller } from "./vault-caller";

/** The fields of what is leased. */
export type LeasedFields = Readonly<Record<string, unknown>>;

/** Properties of a {@link VaultLessor}. */
export interface VaultLessorProps<Content> {
  readonly caller: VaultCaller;
  /** URL of the Vault server. */
  readonly address: string;
  /** Path of what is leased: `<mount>/token/<role>`. */
  readonly path: string;
  /** Returns what is leased; undefined if a field is missing. */
  readonly contentOf: (fields: LeasedFields) => Content | undefined;
  readonly onProblem: (error: Error) => void;
}

/** The leases of one role of the secrets engine for Genesys Cloud. */
export class VaultLessor<Content> implements Lessor<Content> {
  readonly name: string;

  constructor(private readonly props: VaultLessorProps<Content>) {
    this.name = `${props.path} of ${props.address}`;
  }

  async request(): Promise<Lease<Content>> {
    const { path, caller, contentOf, onProblem } = this.props;
    await caller.keepAlive();
    let answer: VaultAnswer;
    try {
      // A read that makes another lease each time.
      const call = { method: "GET", path: encodePath(path), creates: true } as const;
      answer = (await caller.send(call, ENGINE_TIMEOUT)) as VaultAnswer;
    } catch (error) {
      throw explained(error, {
        400: `there is no such role, the engine has no organisation yet, or, for creds, the role does not allow them or has too many leases: \`vault read ${path}\` says which`,
        403: `use a Vault token that has not ended, and has "read" on ${path} in its policy`,
        404: "enable the secrets engine for Genesys Cloud there, or correct mount or namespace",
      });
    }
    const { lease_id: id, data } = answer;
    const content = data ? contentOf(data) : undefined;
    if (id && content) return { id, content, ...termOf(answer) };
    if (id) await this.revoke(id).catch(onProblem);
    throw new Error(`${this.name} gives no lease of a Genesys Cloud client: correct the mount`);
  }

  async renew(lease_id: string): Promise<LeaseTerm | undefined> {
    const { caller, onProblem } = this.props;
    await caller.keepAlive();
    try {
      const call = { method: "PUT", path: "sys/leases/renew", content: { lease_id } } as const;
      return termOf((await caller.send(call)) as VaultAnswer);
    } catch (error) {
      // Without a clear refusal, the next attempt may renew it.
      if (!(error instanceof ApiError) || isTransient(error.status)) throw error;
      const problem = explained(error, {
        400: `${this.name} was revoked, or its client was removed: another lease is taken`,
        403: `add "update" on sys/leases/renew to the policy of the Vault token; until then each lease is replaced`,
      });
      onProblem(problem);
      return undefined;
    }
  }

  async revoke(lease_id: string): Promise<void> {
    const content = { lease_id, sync: false };
    try {
      await this.props.caller.send({ method: "PUT", path: "sys/leases/revoke", content });
    } catch (error) {
      throw explained(error, {
        403: `add "update" on sys/leases/revoke to the policy of the Vault token; until then each lease ends by itself`,
      });
    }
  }

  close(): Promise<void> {
    return this.props.caller.close();
  }
}

/** The parts of Vault's answer that are used. */
interface VaultAnswer {
  readonly lease_id?: string;
  /** Seconds. */
  readonly lease_duration: number;
  readonly renewable: boolean;
  readonly data?: LeasedFields | null;
}

const termOf = ({ lease_duration: seconds, renewable }: VaultAnswer): LeaseTerm => ({
  seconds,
  renewable,
});

/** Returns an error with the correction for its status; any other error as it is. */
function explained(error: unknown, fixes: Readonly<Record<number, string>>): Error {
  const fix = error instanceof ApiError ? fixes[error.status ?? 0] : undefined;
  if (fix === undefined) return error as Error;
  const { call, status } = error as ApiError;
  return new Error(`${call}: HTTP ${status}: ${fix}`, { cause: error });
}
