import { UserError } from "../../errors";
import { ApiError } from "../../http/api-error";
import { VAULT_PROBLEMS, VaultApi, type VaultApiProps } from "./vault-api";

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
export class LoginRefusedError extends UserError {
  constructor(
    /** What is wrong, as far as Vault tells. */
    readonly problem: string,
    readonly fix: string,
  ) {
    super(`${problem}: ${fix}`);
  }
}

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
    const [why, fix] = reasonOf(error);
    throw new LoginRefusedError(
      `${vault.address} refuses a login at ${path} as ${role}: ${why}`,
      fix,
    );
  }
  const token = answer?.auth?.client_token;
  if (token) return token;
  throw new UserError(`${vault.address} answered a login at ${path} without a token`);
}

const REFUSALS: readonly (number | undefined)[] = [400, 403, 404];

/** What is wrong, and the fix. */
type Reason = readonly [string, string];

function reasonOf({ code, status }: ApiError): Reason {
  const known = code === undefined ? undefined : REASONS[code];
  // Vault says no more, and says it with this status only.
  return known ?? (status === 403 ? NO_MOUNT : ANY);
}

const ANY: Reason = [
  "this role or the mount does not exist, or the role is not for what the caller proves (docs/vault.md)",
  "correct the role in Vault, or vault.auth in the registry",
];

const NO_MOUNT: Reason = [
  "nothing is mounted there, or the role is only for other addresses (token_bound_cidrs)",
  "enable the auth method in Vault, or correct vault.auth.mount or vault.namespace in the registry",
];

const REASONS: Readonly<Record<string, Reason>> = {
  [VAULT_PROBLEMS.noRole]: [
    "this role does not exist",
    "create it (docs/vault.md), or correct vault.auth.role in the registry",
  ],
  [VAULT_PROBLEMS.otherPrincipal]: [
    "the caller's AWS identity is not in the role's bound_iam_principal_arn",
    "use AWS credentials of a role that is, or add the caller's role to it (docs/vault.md)",
  ],
  [VAULT_PROBLEMS.otherServerId]: [
    "the login is not signed with Vault's iam_server_id_header_value",
    "set vault.auth.serverId in the registry to that value",
  ],
  [VAULT_PROBLEMS.otherStsRegion]: [
    "the login is signed for another region than that of the STS that Vault asks",
    "set vault.auth.stsRegion in the registry to Vault's sts_region",
  ],
  [VAULT_PROBLEMS.expiredIdentity]: [
    "the caller's AWS credentials have expired, or do not exist any more",
    "log in to AWS again",
  ],
  [VAULT_PROBLEMS.unknownIdentity]: [
    "Vault could not learn from AWS STS who the caller is",
    "make sure that Vault reaches STS (sts_endpoint), and that clock and AWS credentials are right here",
  ],
};
