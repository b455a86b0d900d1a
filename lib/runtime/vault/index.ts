import { readFile } from "node:fs/promises";
import { withoutFileErrors } from "../../errors";
import type { VaultLogin } from "../../vault/client/vault-login";
import { vaultToken } from "../../vault/client/vault-token";
import type { CredentialLease, LeaseContext } from "../credential-lease";
import type { TokenSource } from "../token-source";
import { HeldLease } from "./held-lease";
import { clientIn, LeasedClients } from "./leased-clients";
import { LeasedTokens, tokenIn } from "./leased-tokens";
import { LoginCaller } from "./login-caller";
import { callerWith, type VaultServer } from "./vault-caller";
import { type LeasedFields, VaultLessor } from "./vault-lessor";

export type { VaultLogin } from "../../vault/client/vault-login";

/** Properties of {@link vaultLease}. At most one of `token`, `tokenFile` and `login` can be given. */
export interface VaultLeaseProps {
  /**
   * Mount of the organisation's secrets engine.
   * @example "genesyscloud/na-prod"
   */
  readonly mount: string;
  /** Name of a role of the engine. */
  readonly role: string;
  /**
   * What is leased: an access token, whose client's secret stays in Vault, or an OAuth client with its
   * secret, for libraries that get their tokens themselves.
   * @default "token"
   */
  readonly kind?: "token" | "creds";
  /**
   * URL of the Vault server.
   * @default - VAULT_ADDR
   */
  readonly address?: string;
  /** @default - VAULT_NAMESPACE, else the root namespace */
  readonly namespace?: string;
  /**
   * The consumer's Vault token, or a function that returns it before each request.
   * @default - VAULT_TOKEN, else the file that `vault login` writes
   */
  readonly token?: string | (() => Promise<string>);
  /**
   * File with the consumer's Vault token, such as the sink of a Vault Agent. It is read before each request.
   * @default - none
   */
  readonly tokenFile?: string;
  /**
   * Returns a login of the consumer. It is called before the first request, and when its token has ended.
   * @default - none
   */
  readonly login?: () => Promise<VaultLogin>;
  /**
   * Sends one request to Vault.
   * @default - the global fetch
   */
  readonly fetch?: typeof fetch;
}

/**
 * Returns a lease from this project's secrets engine for Genesys Cloud, which gives `GenesysCredentials`
 * its tokens. The lease is taken at the first call, and renewed or replaced by later calls.
 *
 * @throws TypeError without an address, or with two ways to get a Vault token
 */
export function vaultLease(props: VaultLeaseProps): CredentialLease {
  const { kind = "token", role, fetch } = props;
  const { address = process.env.VAULT_ADDR, namespace = process.env.VAULT_NAMESPACE } = props;
  const path = `${props.mount.replace(/^\/+|\/+$/g, "")}/${kind}/${role}`;
  if (!address)
    throw new TypeError(`${path}: there is no Vault server: give address, or set VAULT_ADDR`);
  const given = [props.token, props.tokenFile, props.login].filter((way) => way !== undefined);
  if (given.length > 1) throw new TypeError(`${path}: give one of token, tokenFile and login`);

  return {
    open({ clock, random, onProblem, tokensOf }: LeaseContext): TokenSource {
      const caller = callerOf(props, {
        address,
        namespace: namespace || undefined,
        fetch,
        clock,
        random,
      });
      const held = <Content>(contentOf: (fields: LeasedFields) => Content | undefined) => {
        const lessor = new VaultLessor({ caller, address, path, contentOf, onProblem });
        return new HeldLease({ lessor, clock, random, onProblem });
      };
      return kind === "token"
        ? new LeasedTokens(held(tokenIn))
        : tokensOf(new LeasedClients(held(clientIn)));
    },
  };
}

function callerOf({ token, tokenFile, login }: VaultLeaseProps, server: VaultServer) {
  if (login) return new LoginCaller(server, login);
  if (typeof token === "function") return callerWith(server, token);
  if (tokenFile !== undefined) return callerWith(server, () => readToken(tokenFile));
  return callerWith(server, async () => token ?? vaultToken(process.env));
}

const readToken = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error) => {
    throw withoutFileErrors(error);
  });
