import { NOT_LOGGED_IN } from "../../aws/sdk";
import type { ResilienceProps } from "../../http/resilient-fetch";
import type { VaultJob } from "../../registry/model";
import { authMountOf, vaultRolesOf } from "../../registry/names";
import type { VaultOrgReport } from "../../registry/report";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import type { VaultApiProps } from "../../vault/client/vault-api";
import { connectVault, ignoredNamespace } from "../../vault/client/vault-connection";
import { logIn } from "../../vault/client/vault-login";
import { MissingTokenError, tokenInEnvironment, vaultToken } from "../../vault/client/vault-token";
import type { Io } from "../terminal/io";
import { awsProof } from "./vault-aws-proof";
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
 * By the login `aws`, Terraform needs AWS credentials, and no token helps. For other jobs a `VAULT_TOKEN` comes
 * before them, since they may be there for another purpose.
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
  const isTerraforms = job !== "rotate";
  const tokenFirst = auth.method === "aws" && !isTerraforms && tokenInEnvironment(env);
  const proof = tokenFirst ? undefined : await proofOf(env, org, role);
  if (auth.method === "token" || proof === undefined) {
    const token = auth.method === "aws" ? tokenWithoutAws(env, isTerraforms) : vaultToken(env);
    return { ...connection, token };
  }
  const login = { mount: authMountOf(auth), role, proof };
  return { ...connection, role, token: await logIn(connection, login) };
}

/** @throws MissingTokenError */
function tokenWithoutAws(env: NodeJS.ProcessEnv, isTerraforms: boolean): string {
  try {
    if (!isTerraforms) return vaultToken(env);
  } catch (error) {
    if (!(error instanceof MissingTokenError)) throw error;
  }
  throw new MissingTokenError(`the login to Vault is by aws, and ${NOT_LOGGED_IN}`);
}

/** Returns what a login sends; undefined if the environment does not have it. */
async function proofOf(
  env: NodeJS.ProcessEnv,
  org: Pick<VaultOrgReport, "name" | "vault">,
  role: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { auth } = org.vault;
  const { method } = auth;
  if (method === "aws") return awsProof(auth, role);
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
