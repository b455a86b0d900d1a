import type { ResilienceProps } from "../../http/resilient-fetch";
import type { VaultJob } from "../../registry/model";
import { authMountOf, vaultRolesOf } from "../../registry/names";
import type { VaultOrgReport } from "../../registry/report";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import type { VaultApiProps } from "../../vault/client/vault-api";
import { connectVault, ignoredNamespace } from "../../vault/client/vault-connection";
import { logIn } from "../../vault/client/vault-login";
import { vaultToken } from "../../vault/client/vault-token";
import type { Io } from "../terminal/io";
import { VAULT_JWT, vaultIdentity } from "./vault-identity";

/** An org's Vault, for a caller that has logged in. */
export interface VaultSession extends VaultApiProps {
  readonly fetch: typeof fetch;
  readonly token: string;
  /** The role of the login. @default - the caller's own token is used */
  readonly role?: string;
}

/**
 * Logs in to an org's Vault as Terraform's provider does: if the environment has what the registry's login
 * needs, with that, also if there is a token. Else with the caller's token.
 *
 * @param job whose role the login uses
 * @throws UserError if there is no token, or Vault refuses the login
 */
export async function logInToVault(
  { env }: Pick<Io, "env">,
  org: Pick<VaultOrgReport, "name" | "vault">,
  job: VaultJob,
  resilience: Omit<ResilienceProps, "fetch"> = {},
): Promise<VaultSession> {
  const { auth, ...place } = org.vault;
  const connection = { ...connectVault(env, place), ...resilience };
  const role = vaultRolesOf(org.name, auth)[job];
  const proof = await proofOf(env, org, role);
  if (auth.method === "token" || proof === undefined) {
    return { ...connection, token: vaultToken(env) };
  }
  const login = { mount: authMountOf(auth), role, proof };
  return { ...connection, role, token: await logIn(connection, login) };
}

/** Returns what a login sends; undefined if the environment does not have it. */
async function proofOf(
  env: NodeJS.ProcessEnv,
  org: Pick<VaultOrgReport, "name" | "vault">,
  role: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { method } = org.vault.auth;
  if (method === "approle") {
    const { TF_VAR_vault_role_id: role_id, TF_VAR_vault_secret_id: secret_id } = env;
    return role_id && secret_id ? { role_id, secret_id } : undefined;
  }
  const identity = method === "kubernetes" ? env : await vaultIdentity(env, org);
  const jwt = identity[VAULT_JWT];
  return jwt ? { role, jwt } : undefined;
}

/**
 * Opens an org's entries in Vault.
 *
 * @param job whose role the login uses
 * @throws UserError if the caller cannot log in
 */
export async function openVaultEntries(
  io: Io,
  org: Pick<VaultOrgReport, "name" | "vault">,
  job: VaultJob = "rotate",
): Promise<HttpKvStore> {
  const ignored = ignoredNamespace(io.env, org.vault.namespace);
  if (ignored !== undefined) io.stderr.write(`warning: ${org.name}: ${ignored}\n`);
  const { mount } = org.vault;
  const session = await logInToVault(io, org, job);
  return new HttpKvStore({ ...session, mount });
}
