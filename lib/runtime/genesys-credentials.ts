import type { Endpoints } from "../genesys/login";
import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import type { CredentialValue } from "../secret-value/credential-value";
import type { CredentialLease } from "./credential-lease";
import { defaultSource } from "./default-source";
import { HeldSecret, type SecretCache } from "./held-secret";
import { resilientFetch } from "./resilient-fetch";
import type { SecretSource } from "./secret-source";
import { SecretTokens } from "./secret-tokens";
import type { TokenSource } from "./token-source";
import type { ValueSource } from "./value-source";

/** Properties of {@link GenesysCredentials}, wherever its tokens come from. */
export interface CredentialsProps {
  /**
   * Called for each failure that was bridged, and each call that was given up. Its message has no secret.
   * @default - none
   */
  readonly onProblem?: (error: Error) => void;
  /**
   * Sends one request; it is repeated as {@link resilientFetch} describes.
   * @default - the global fetch
   */
  readonly fetch?: typeof fetch;
  /** @default - those of the credential's region */
  readonly endpoints?: Endpoints;
  /** @default - the system's clock */
  readonly clock?: Clock;
  /** @default - Math.random */
  readonly random?: () => number;
}

/** Properties of {@link GenesysCredentials} whose tokens come from a secret. */
export interface GenesysCredentialsProps extends CredentialsProps {
  /**
   * Name or ARN of the credential's secret.
   * @example "/genesys/production/na-prod/crm-sync"
   */
  readonly secretId: string;
  /** @default - the Lambda extension or the Secrets Manager Agent where there is one, else the AWS SDK */
  readonly source?: SecretSource;
  /**
   * Seconds after which the value is read again. The agent and the extension may keep it for five
   * minutes more.
   * @default 300
   */
  readonly maxAge?: number;
  /**
   * Seconds for which an old value is used after that, while no new one can be read.
   * @default 86400
   */
  readonly maxStale?: number;
  /**
   * Place of the value that outlives the process.
   * @default - none
   */
  readonly cache?: SecretCache;
}

/** Properties of {@link GenesysCredentials} whose tokens come from a lease. */
export interface LeasedCredentialsProps extends CredentialsProps {
  /** The lease: `vaultLease` of `cdktf-genesys-orgs/runtime/vault`. */
  readonly lease: CredentialLease;
}

/**
 * The credential of an integration, while it runs: reads the secret or takes a lease, gets access tokens,
 * and survives rotations. One object for each credential and process is enough.
 */
export class GenesysCredentials {
  private readonly tokens: TokenSource;
  private readonly send: typeof fetch;

  constructor(private readonly props: GenesysCredentialsProps | LeasedCredentialsProps) {
    const { onProblem = () => {}, clock = SYSTEM_CLOCK, random = Math.random } = props;
    const resilience = { fetch: props.fetch, clock, random, onGiveUp: onProblem };
    this.send = resilientFetch(resilience);
    const context = { onProblem, clock, random };
    const tokensOf = (values: ValueSource) =>
      new SecretTokens({
        ...context,
        values,
        endpoints: props.endpoints,
        // One by one: the login has limits and failures of its own. Two logins only make two tokens.
        login: resilientFetch({ ...resilience, repeatable: () => true }),
      });
    if ("lease" in props) {
      this.tokens = props.lease.open({ ...context, tokensOf });
      return;
    }
    const { source = defaultSource(), maxAge = 300, maxStale = 86_400 } = props;
    this.tokens = tokensOf(new HeldSecret({ ...props, ...context, source, maxAge, maxStale }));
  }

  /**
   * Returns the current value, for a client library that gets its tokens itself.
   * @throws Error for a lease of a token, which comes without a client secret
   */
  value(): Promise<CredentialValue> {
    return this.tokens.value();
  }

  /**
   * Returns an access token.
   * @throws Error when the secret cannot be read, there is no lease, or Genesys Cloud refuses the client
   */
  async token(): Promise<string> {
    return (await this.tokens.token()).value;
  }

  /**
   * Calls the Platform API with an access token. If the token is refused (401), the secret is read past
   * every cache, or a lease is taken anew, and the call is repeated once with a new token.
   *
   * @param path path of the API with its query, or its whole URL
   * @throws TypeError for a URL of another host, which must not get the token
   */
  async fetchWithToken(path: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.tokens.token();
    const { api } = this.props.endpoints ?? token;
    const url = new URL(path, api);
    if (url.origin !== new URL(api).origin) {
      throw new TypeError(`${url.origin} must not get the token of ${api}: give a path`);
    }
    const call = (accessToken: string) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${accessToken}`);
      // The target of a redirect would get the token.
      return this.send(url.href, { ...init, headers, redirect: "manual" });
    };
    const response = await call(token.value);
    // A stream was read by the first call.
    if (response.status !== 401 || init.body instanceof ReadableStream) return response;
    const renewed = await this.tokens.renewed(token.value);
    if (renewed === undefined) return response;
    await response.body?.cancel();
    return call(renewed);
  }

  /**
   * Revokes the lease, after which calls throw; without a lease, does nothing. It never throws: a failed
   * revocation is told to `onProblem`, and the lease ends by itself.
   */
  close(): Promise<void> {
    return this.tokens.close();
  }

  /** Closes it at the end of a block that began with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
