import {
  type AccessToken,
  type Endpoints,
  endpointsOf,
  readToken,
  tokenCall,
} from "../genesys/login";
import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import type { GenesysRegion } from "../registry/genesys-regions";
import type { CredentialValue } from "../secret-value/credential-value";
import { defaultSource } from "./default-source";
import { HeldSecret, type HeldValue, PAUSE, type SecretCache } from "./held-secret";
import { resilientFetch } from "./resilient-fetch";
import type { SecretSource } from "./secret-source";

/** Properties of {@link GenesysCredentials}. */
export interface GenesysCredentialsProps {
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

/** A token, and the version of the secret whose client got it. */
interface VersionToken extends AccessToken {
  readonly versionId: string;
  readonly mintedAt: number;
}

/**
 * The credential of an integration, while it runs: reads the secret, gets access tokens, and survives
 * rotations. One object for each credential and process is enough.
 */
export class GenesysCredentials {
  private readonly secret: HeldSecret;
  private readonly clock: Clock;
  private readonly login: typeof fetch;
  private readonly send: typeof fetch;
  private current: VersionToken | undefined;
  private minting: Promise<VersionToken> | undefined;
  private refusal:
    | { readonly versionId: string; readonly until: number; readonly error: Error }
    | undefined;

  constructor(private readonly props: GenesysCredentialsProps) {
    const { source = defaultSource(), onProblem = () => {}, clock = SYSTEM_CLOCK } = props;
    const { random = Math.random, maxAge = 300, maxStale = 86_400 } = props;
    this.clock = clock;
    const defaults = { source, onProblem, clock, random, maxAge, maxStale };
    this.secret = new HeldSecret({ ...props, ...defaults });
    const resilience = { fetch: props.fetch, clock, random, onGiveUp: onProblem };
    this.send = resilientFetch(resilience);
    // One by one: the login has limits and failures of its own. Two logins only make two tokens.
    this.login = resilientFetch({ ...resilience, repeatable: () => true });
  }

  /** Returns the current value of the secret, for a client library that gets its tokens itself. */
  async value(): Promise<CredentialValue> {
    return (await this.secret.value()).credential;
  }

  /**
   * Returns an access token.
   * @throws Error when the secret cannot be read, or Genesys Cloud refuses its client
   */
  async token(): Promise<string> {
    const { versionId } = await this.secret.value();
    const { current } = this;
    const works = current !== undefined && this.clock.now() < current.until;
    if (works && current.versionId === versionId) return current.value;
    try {
      return (await this.minted()).value;
    } catch (error) {
      if (!works || this.current !== current) throw error;
      // The previous client still works for a while after a rotation.
      this.props.onProblem?.(error as Error);
      return current.value;
    }
  }

  /**
   * Calls the Platform API with an access token. If the token is refused (401), the secret is read past
   * every cache, and the call is repeated once with a new token.
   *
   * @param path path of the API with its query, or its whole URL
   * @throws TypeError for a URL of another host, which must not get the token
   */
  async fetchWithToken(path: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.token();
    const { api } = this.endpointsOf(await this.value());
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
    const response = await call(token);
    // A stream was read by the first call.
    if (response.status !== 401 || init.body instanceof ReadableStream) return response;
    const renewed = await this.renewed(token);
    if (renewed === undefined) return response;
    await response.body?.cancel();
    return call(renewed);
  }

  /** Returns another token than the one that was refused; undefined if asking again would not help. */
  private async renewed(refused: string): Promise<string | undefined> {
    const before = this.current;
    // Another call has renewed it meanwhile.
    if (before && before.value !== refused) return before.value;
    const { versionId } = await this.secret.refreshed();
    if (this.current && this.current.value !== refused) return this.current.value;
    // A new token of the same client that is refused at once is not the token's fault.
    const isNew = before !== undefined && this.clock.now() < before.mintedAt + PAUSE;
    if (isNew && before.versionId === versionId) return undefined;
    this.current = undefined;
    return (await this.minted()).value;
  }

  private endpointsOf({ region }: CredentialValue): Endpoints {
    return this.props.endpoints ?? endpointsOf(region as GenesysRegion);
  }

  /** Gets a token; all who wait share it. */
  private minted(): Promise<VersionToken> {
    this.minting ??= this.mint().finally(() => {
      this.minting = undefined;
    });
    return this.minting;
  }

  private async mint(): Promise<VersionToken> {
    const first = await this.secret.value();
    try {
      return await this.mintFor(first);
    } catch (error) {
      if (!(error instanceof CredentialRefusedError)) throw error;
      const second = await this.secret.refreshed();
      if (second.versionId === first.versionId) throw error;
      return await this.mintFor(second);
    }
  }

  private async mintFor({ credential, versionId }: HeldValue): Promise<VersionToken> {
    const { secretId } = this.props;
    const { refusal } = this;
    if (refusal?.versionId === versionId && this.clock.now() < refusal.until) throw refusal.error;
    const { login } = this.endpointsOf(credential);
    const { url, method, headers, body } = tokenCall(login, credential);
    const response = await this.login(url, { method, headers, body, redirect: "manual" });
    const answer = (await response.json().catch(() => undefined)) as { error?: string } | undefined;
    const now = this.clock.now();
    const token = response.ok ? readToken(answer, now) : undefined;
    if (token) {
      this.current = { ...token, versionId, mintedAt: now };
      return this.current;
    }
    const problem = `POST /oauth/token: HTTP ${response.status} ${answer?.error ?? "no token"}`;
    const isRefused = response.status === 401 || answer?.error === "invalid_client";
    const error = isRefused
      ? new CredentialRefusedError(secretId, credential.clientId, problem)
      : new Error(`${secretId}: ${problem}`);
    // Also for its limit of logins, which the login refuses with 400.
    this.refusal = { versionId, until: now + PAUSE, error };
    throw error;
  }
}

/** Genesys Cloud refuses the client of the secret's current version. */
export class CredentialRefusedError extends Error {
  override readonly name = "CredentialRefusedError";

  constructor(secretId: string, clientId: string, problem: string) {
    super(
      `${secretId}: Genesys Cloud refuses client ${clientId} (${problem}): rotate it, unless it was revoked`,
    );
  }
}
