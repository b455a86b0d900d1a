import type { ResilienceProps } from "../../http/resilient-fetch";
import type { OrgReport } from "../../registry/report";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import { JWT_VARIABLE, loginByJwt } from "../../vault/client/jwt-login";
import type { VaultApiProps } from "../../vault/client/vault-api";
import { connectVault, ignoredNamespace } from "../../vault/client/vault-connection";
import { vaultToken } from "../../vault/client/vault-token";
import type { Io } from "../terminal/io";

/** The last part of a Vault role's name: what its token may do to an org's entries. */
export type VaultRole = "deployer" | "planner" | "rotate";

/** An org's Vault, for a caller that has logged in. */
export interface VaultSession extends VaultApiProps {
  readonly fetch: typeof fetch;
  readonly token: string;
  /** The role of the login by JWT. @default - the caller's own token is used */
  readonly role?: string;
}

/**
 * Logs in to an org's Vault as Terraform's provider does: by JWT, if the registry says so and the
 * environment has one, also if there is a token. Else with the caller's token.
 *
 * @param wanted whose role the login by JWT uses
 * @throws UserError if there is no token, or Vault refuses the login
 */
export async function logInToVault(
  { env }: Pick<Io, "env">,
  { name, vault }: Pick<OrgReport, "name" | "vault">,
  wanted: VaultRole,
  resilience: Omit<ResilienceProps, "fetch"> = {},
): Promise<VaultSession> {
  const connection = { ...connectVault(env, vault), ...resilience };
  const jwt = env[JWT_VARIABLE];
  if (vault.auth.method !== "jwt" || !jwt) return { ...connection, token: vaultToken(env) };
  const { mount = "jwt", role: first = `genesys-${name}` } = vault.auth;
  const role = `${first}-${wanted}`;
  return { ...connection, role, token: await loginByJwt(connection, { mount, role, jwt }) };
}

/**
 * Opens an org's entries in Vault, to read and write them.
 *
 * @throws UserError if the caller cannot log in
 */
export async function openVaultEntries(
  io: Io,
  org: Pick<OrgReport, "name" | "vault">,
): Promise<HttpKvStore> {
  const ignored = ignoredNamespace(io.env, org.vault.namespace);
  if (ignored !== undefined) io.stderr.write(`warning: ${org.name}: ${ignored}\n`);
  const { mount } = org.vault;
  const session = await logInToVault(io, org, "rotate");
  return new HttpKvStore({ ...session, mount });
}
