import { UserError } from "../../../errors";
import type { ApiError } from "../../../http/api-error";
import { ResilientFetch } from "../../../http/resilient-fetch";
import { vaultToken } from "../../../vault/client/vault-token";
import { type Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import type { ClockReading } from "./clock-reading";
import type { DoctorContext } from "./context";

/** Returns the caller's token, or the reason why there is none. */
export function tokenOf({ io }: DoctorContext): string | UserError {
  try {
    return vaultToken(io.env);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** One retry at most, since a person is waiting. */
export const retriesOf = ({ bounds }: DoctorContext) => ({ retries: 1, timeout: bounds.limit });

/** A token, as far as the other checks need to know it. */
export interface CheckedToken {
  readonly valid: boolean;
  /** Name of the Vault role that it was given for. */
  readonly role?: string;
}

/** Checks whether Vault knows the token, and whether Terraform's provider can work with it. */
export async function checkToken(
  context: DoctorContext,
  list: Checklist,
  token: string,
  clock: ClockReading,
): Promise<CheckedToken> {
  const vault = new TokenApi(context, token, clock);
  let found: TokenLookUp = {};
  const { status } = await list.run(
    "token",
    async () => {
      found = await vault.lookUp();
      const { ttl = 0 } = found;
      const role = roleOf(found);
      return ok(`valid${ttl > 0 ? ` for ${ttl} s` : ""}${role ? `, role ${role}` : ""}`);
    },
    explainLookUp(context),
  );
  const valid = status === "ok";
  await list.run("child token", () => checkChildToken(context, vault, valid ? found : undefined));
  return { valid, role: roleOf(found) };
}

/** The provider creates a child token at each start, unless it is told not to. */
async function checkChildToken(
  { org }: DoctorContext,
  vault: TokenApi,
  token: TokenLookUp | undefined,
): Promise<Outcome> {
  const { auth, skipChildToken } = org.vault;
  if (skipChildToken) return ok("not needed: vault.skipChildToken is true");
  if (auth.method !== "token") {
    return notChecked(`Terraform logs in by ${auth.method}, and not with your token`);
  }
  if (token === undefined) return notChecked("the token could not be used");
  if (token.type === "batch") {
    return failed(
      "Terraform's vault provider cannot create a child token from a batch token",
      "log in with a service token, or set vault.skipChildToken to true in the registry",
    );
  }
  const capabilities = await vault.capabilities(CREATE);
  if (capabilities === undefined) return notChecked("the token may not look up its capabilities");
  if (capabilities.some((one) => ["update", "root"].includes(one))) return ok(`may use ${CREATE}`);
  return failed(
    `Terraform's vault provider creates a child token at each start, and this token may not use ${CREATE}`,
    `allow update on ${CREATE} in its policy, or set vault.skipChildToken to true in the registry (docs/vault.md)`,
  );
}

const CREATE = "auth/token/create";

interface TokenLookUp {
  /** Seconds; 0 if the token does not expire. */
  readonly ttl?: number;
  /** `service` or `batch`. */
  readonly type?: string;
  /** The JWT and AWS logins write `role`; AppRole and Kubernetes write `role_name`. */
  readonly meta?: { readonly role?: string; readonly role_name?: string } | null;
}

const roleOf = ({ meta }: TokenLookUp): string | undefined => meta?.role ?? meta?.role_name;

/** The calls about the caller's own token. */
class TokenApi {
  private readonly http: ResilientFetch;

  constructor(
    private readonly context: DoctorContext,
    private readonly token: string,
    clock: ClockReading,
  ) {
    this.http = new ResilientFetch({
      ...retriesOf(context),
      fetch: clock.fetch,
    });
  }

  async lookUp(): Promise<TokenLookUp> {
    const answer = await this.send<{ readonly data?: TokenLookUp }>(
      "GET",
      "auth/token/lookup-self",
    );
    return answer.data ?? {};
  }

  /** Returns the token's capabilities for a path; undefined if it may not ask. */
  async capabilities(path: string): Promise<readonly string[] | undefined> {
    try {
      const answer = await this.send<{ readonly capabilities?: readonly string[] }>(
        "POST",
        "sys/capabilities-self",
        JSON.stringify({ paths: [path] }),
      );
      return answer.capabilities ?? [];
    } catch (error) {
      if ((error as Partial<ApiError>).status === 403) return undefined;
      throw error;
    }
  }

  private async send<Answer>(method: "GET" | "POST", path: string, body?: string): Promise<Answer> {
    const { address, namespace } = this.context.org.vault;
    const answer = await this.http.send({
      method,
      url: `${address.replace(/\/+$/, "")}/v1/${path}`,
      name: `${method} ${path} of ${address}`,
      body,
      headers: {
        "x-vault-token": this.token,
        "x-vault-request": "true",
        ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
      },
      // Vault's own words are not passed on, since they may contain anything.
      problemIn: (problem) => ({
        message: /Vault is sealed/.test(JSON.stringify(problem ?? ""))
          ? "Vault is sealed"
          : undefined,
      }),
    });
    return (answer.body ?? {}) as Answer;
  }
}

const explainLookUp =
  ({ org }: DoctorContext) =>
  (error: Error): Outcome | undefined => {
    const { address, namespace } = org.vault;
    const { status } = error as Partial<ApiError>;
    if (status === 403) {
      return failed(
        `${address} refuses the token: it has expired, was revoked, or belongs to another ${namespace === undefined ? "server" : `namespace than ${namespace}`}`,
        "run `vault login`, or set VAULT_TOKEN",
      );
    }
    if (status === undefined || status >= 500) {
      return failed(
        error.message,
        `make sure that ${address} is running, unsealed and reachable from here`,
      );
    }
    return undefined;
  };
