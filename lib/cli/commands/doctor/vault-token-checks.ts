import type { ApiError } from "../../../http/api-error";
import { VaultApi } from "../../../vault/client/vault-api";
import { ignoredNamespace } from "../../../vault/client/vault-connection";
import { LoginRefusedError } from "../../../vault/client/vault-login";
import { MissingTokenError } from "../../../vault/client/vault-token";
import { logInToVault, type VaultSession } from "../../project/vault-session";
import { type Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import type { ClockReading } from "./clock-reading";
import type { DoctorContext, VaultContext } from "./context";

/** One retry at most, since a person is waiting. */
export const retriesOf = ({ bounds }: DoctorContext) => ({ retries: 1, timeout: bounds.limit });

/** A token that works, as far as the other checks need to know it. */
export interface CheckedToken {
  readonly session: VaultSession;
  /** Name of the Vault role that it was given for. */
  readonly role?: string;
}

/**
 * Logs in as Terraform will, and checks whether its provider can work with the token.
 *
 * @returns undefined if the token does not work; also without one
 */
export async function checkToken(
  context: VaultContext,
  list: Checklist,
  clock: ClockReading,
): Promise<CheckedToken | undefined> {
  const { io, org } = context;
  let session: VaultSession | undefined;
  let found: TokenLookUp = {};
  const outcome = await list.run(
    "token",
    async () => {
      const given = await logInToVault(io, org, terraformsRole(io.env), retriesOf(context));
      session = { ...given, fetch: clock.through(given.fetch) };
      found = await lookUp(session);
      const details = [
        `valid${found.ttl ? ` for ${found.ttl} s` : ""}`,
        roleOf(session, found) && `role ${roleOf(session, found)}`,
        ignoredNamespace(io.env, org.vault.namespace),
      ];
      return ok(details.filter(Boolean).join(", "));
    },
    explainLookUp(context),
  );
  if (session === undefined && outcome.status === "not checked") return undefined;
  const token = outcome.status === "ok" ? session : undefined;
  await list.run("child token", () => checkChildToken(context, token, found));
  return token && { session: token, role: roleOf(token, found) };
}

/** The credential that Terraform would use in this environment. */
const terraformsRole = ({ TF_VAR_genesys_credential: credential }: NodeJS.ProcessEnv) =>
  credential === "planner" ? "planner" : "deployer";

/** The provider creates a child token at each start, unless it is told not to. */
async function checkChildToken(
  { org }: VaultContext,
  session: VaultSession | undefined,
  token: TokenLookUp,
): Promise<Outcome> {
  const { auth, skipChildToken } = org.vault;
  if (skipChildToken) return ok("not needed: vault.skipChildToken is true");
  if (auth.method !== "token" && session?.role === undefined) {
    return notChecked(`Terraform logs in by ${auth.method}, and not with your token`);
  }
  if (session === undefined) return notChecked("the token could not be used");
  if (token.type === "batch") {
    return failed(
      "Terraform's vault provider cannot create a child token from a batch token",
      "log in with a service token, or set vault.skipChildToken to true in the registry",
    );
  }
  const capabilities = await capabilitiesOf(session, CREATE);
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
  /** The login by JWT writes `role`; AppRole and Kubernetes write `role_name`; AWS writes neither. */
  readonly meta?: { readonly role?: string; readonly role_name?: string } | null;
}

const roleOf = ({ role }: VaultSession, { meta }: TokenLookUp): string | undefined =>
  meta?.role ?? meta?.role_name ?? role;

async function lookUp(session: VaultSession): Promise<TokenLookUp> {
  const path = "auth/token/lookup-self";
  const answer = await new VaultApi(session).send({ method: "GET", path });
  return (answer as { readonly data?: TokenLookUp } | null)?.data ?? {};
}

/** Returns the token's capabilities for a path; undefined if it may not ask. */
async function capabilitiesOf(
  session: VaultSession,
  path: string,
): Promise<readonly string[] | undefined> {
  try {
    const answer = await new VaultApi(session).send({
      method: "POST",
      path: "sys/capabilities-self",
      content: { paths: [path] },
    });
    return (answer as { readonly capabilities?: readonly string[] } | null)?.capabilities ?? [];
  } catch (error) {
    if ((error as Partial<ApiError>).status === 403) return undefined;
    throw error;
  }
}

const explainLookUp =
  ({ io, org }: VaultContext) =>
  (error: Error): Outcome | undefined => {
    const { address, namespace } = org.vault;
    const { status } = error as Partial<ApiError>;
    if (error instanceof MissingTokenError) return notChecked(error.message);
    if (error instanceof LoginRefusedError) {
      return failed(error.problem, error.fix);
    }
    if (status === 403) {
      const ignored = ignoredNamespace(io.env, namespace);
      return failed(
        `${address} refuses the token: it has expired, was revoked, or belongs to another ${namespace === undefined ? "server" : `namespace than ${namespace}`}${ignored === undefined ? "" : `. ${ignored}`}`,
        "run `vault login`, or set VAULT_TOKEN",
      );
    }
    if (/\([A-Z_]*(CERT|SIGNATURE|ALTNAME)[A-Z_]*\)/.test(error.message)) {
      return failed(
        `${error.message}: its certificate is not trusted here`,
        "set VAULT_CACERT to a file with the certificates of its authority",
      );
    }
    if ("status" in error && (status === undefined || status >= 500)) {
      return failed(
        error.message,
        `make sure that ${address} is running, unsealed and reachable from here`,
      );
    }
    return undefined;
  };
