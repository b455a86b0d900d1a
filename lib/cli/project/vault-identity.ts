import { UserError } from "../../errors";
import { ApiError } from "../../http/api-error";
import { proxiedFetch } from "../../http/proxy";
import { ResilientFetch } from "../../http/resilient-fetch";
import type { OrgReport } from "../../registry/report";

/** Variable with the JWT of Terraform's vault provider. */
export const VAULT_JWT = "TERRAFORM_VAULT_AUTH_JWT";

/**
 * Returns the variable with the JWT for an org's login to Vault, if the login needs one. In a job of
 * GitHub Actions it asks GitHub for a new one, for the address of the org's Vault as audience: a JWT of
 * GitHub lives for a few minutes, and an apply can begin later.
 *
 * @throws UserError if GitHub refuses
 */
export async function vaultIdentity(
  env: NodeJS.ProcessEnv,
  { name, vault }: Pick<OrgReport, "name" | "vault">,
  fetch: typeof globalThis.fetch = proxiedFetch,
): Promise<NodeJS.ProcessEnv> {
  if (vault?.auth.method !== "jwt") return {};
  if (env[VAULT_JWT]) return { [VAULT_JWT]: env[VAULT_JWT] };
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  if (!url || !token) return {};
  try {
    const { body } = await new ResilientFetch({ fetch }).send({
      method: "GET",
      url: `${url}&audience=${encodeURIComponent(vault.address)}`,
      name: "GET the identity token of GitHub",
      headers: { authorization: `Bearer ${token}` },
    });
    const { value } = Object(body) as { readonly value?: unknown };
    if (typeof value === "string") return { [VAULT_JWT]: value };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(
      `${name}: ${error.message}: the job needs the permission \`id-token: write\``,
    );
  }
  throw new UserError(`${name}: the answer of GitHub has no identity token: run the job again`);
}
