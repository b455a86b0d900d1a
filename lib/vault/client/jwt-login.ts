import { UserError } from "../../errors";
import { ApiError } from "../../http/api-error";
import { VaultApi, type VaultApiProps } from "./vault-api";

/** A login with a JWT, for example of a CI system. */
export interface JwtLogin {
  /** Mount of the JWT auth method. */
  readonly mount: string;
  /** Name of the Vault role. */
  readonly role: string;
  readonly jwt: string;
}

/** The error of a login that Vault refused. */
export class LoginRefusedError extends UserError {}

/**
 * Logs in with a JWT, and returns the token.
 *
 * @throws LoginRefusedError when Vault refuses the role or the JWT
 * @throws ApiError when Vault does not answer
 */
export async function loginByJwt(
  vault: Omit<VaultApiProps, "token">,
  { mount, role, jwt }: JwtLogin,
): Promise<string> {
  const path = `auth/${mount}/login`;
  let answer: { readonly auth?: { readonly client_token?: string } };
  try {
    answer = (await new VaultApi(vault).send({
      method: "POST",
      path,
      content: { role, jwt },
      // Each login makes another token.
      creates: true,
    })) as typeof answer;
  } catch (error) {
    if (!(error instanceof ApiError) || !REFUSALS.includes(error.status)) throw error;
    throw new LoginRefusedError(
      `${vault.address} refuses a login at ${path} with the role ${role}: the role or the mount does not exist, or its bound_claims are not those of the JWT in ${JWT_VARIABLE} (docs/vault.md)`,
    );
  }
  const token = answer?.auth?.client_token;
  if (token) return token;
  throw new UserError(`${vault.address} answered a login at ${path} without a token`);
}

/** The variable with the JWT, from which Terraform's provider reads it. */
export const JWT_VARIABLE = "TERRAFORM_VAULT_AUTH_JWT";

const REFUSALS: readonly (number | undefined)[] = [400, 403, 404];
