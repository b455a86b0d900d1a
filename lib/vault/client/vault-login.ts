import { UserError } from "../../errors";
import { ApiError } from "../../http/api-error";
import { VaultApi, type VaultApiProps } from "./vault-api";

/** A login to Vault. */
export interface VaultLogin {
  /** Mount of the auth method. */
  readonly mount: string;
  /** Name of the Vault role, for messages. */
  readonly role: string;
  /** The proof of the caller's identity. */
  readonly proof: Readonly<Record<string, string>>;
}

/** The error of a login that Vault refused. */
export class LoginRefusedError extends UserError {}

/**
 * Logs in to Vault, and returns the token.
 *
 * @throws LoginRefusedError when Vault refuses the role or the proof
 * @throws ApiError when Vault does not answer
 */
export async function logIn(
  vault: Omit<VaultApiProps, "token">,
  { mount, role, proof }: VaultLogin,
): Promise<string> {
  const path = `auth/${mount}/login`;
  let answer: { readonly auth?: { readonly client_token?: string } };
  try {
    answer = (await new VaultApi(vault).send({
      method: "POST",
      path,
      content: proof,
      // Each login makes another token.
      creates: true,
    })) as typeof answer;
  } catch (error) {
    if (!(error instanceof ApiError) || !REFUSALS.includes(error.status)) throw error;
    throw new LoginRefusedError(
      `${vault.address} refuses a login at ${path} as ${role}: this role or the mount does not exist, or the role is not for what the caller proves (docs/vault.md)`,
    );
  }
  const token = answer?.auth?.client_token;
  if (token) return token;
  throw new UserError(`${vault.address} answered a login at ${path} without a token`);
}

const REFUSALS: readonly (number | undefined)[] = [400, 403, 404];
