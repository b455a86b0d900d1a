import {
  type AccessToken,
  type Endpoints,
  endpointsOf,
  readToken,
  tokenCall,
} from "../genesys/login";
import type { Clock } from "../http/clock";
import type { GenesysRegion } from "../registry/genesys-regions";
import type { CredentialValue } from "../secret-value/credential-value";
import { PAUSE } from "./pauses";
import type { ApiToken, TokenSource } from "./token-source";
import type { ValueSource, VersionedValue } from "./value-source";

/** Properties of {@link SecretTokens}. */
interface SecretTokensProps {
  readonly values: ValueSource;
  /** Sends a login, and repeats it where that can help. */
  readonly login: typeof fetch;
  /** @default - those of the value */
  readonly endpoints?: Endpoints;
  readonly clock: Clock;
  readonly onProblem: (error: Error) => void;
}

/** A token, and the version of the value whose client got it. */
interface VersionToken extends AccessToken, ApiToken {
  readonly versionId: string;
  readonly mintedAt: number;
}

/** Access tokens that the client of the current value gets from the login. */
export class SecretTokens implements TokenSource {
  private current: VersionToken | undefined;
  private minting: Promise<VersionToken> | undefined;
  private refusal:
    | { readonly versionId: string; readonly until: number; readonly error: Error }
    | undefined;

  constructor(private readonly props: SecretTokensProps) {}

  async value(): Promise<CredentialValue> {
    return (await this.props.values.value()).credential;
  }

  async token(): Promise<ApiToken> {
    const { values, clock, onProblem } = this.props;
    const { versionId } = await values.value();
    const { current } = this;
    const works = current !== undefined && clock.now() < current.until;
    if (works && current.versionId === versionId) return current;
    try {
      return await this.minted();
    } catch (error) {
      if (!works || !values.overlaps || this.current !== current) throw error;
      onProblem(error as Error);
      return current;
    }
  }

  async renewed(refused: string): Promise<string | undefined> {
    const { values, clock } = this.props;
    const before = this.current;
    // Another call has renewed it meanwhile.
    if (before && before.value !== refused) return before.value;
    const { versionId } = await values.refreshed();
    if (this.current && this.current.value !== refused) return this.current.value;
    // A new token of the same client that is refused at once is not the token's fault.
    const isNew = before !== undefined && clock.now() < before.mintedAt + PAUSE;
    if (isNew && before.versionId === versionId) return undefined;
    this.current = undefined;
    return (await this.minted()).value;
  }

  close(): Promise<void> {
    return this.props.values.close();
  }

  /** Gets a token; all who wait share it. */
  private minted(): Promise<VersionToken> {
    this.minting ??= this.mint().finally(() => {
      this.minting = undefined;
    });
    return this.minting;
  }

  private async mint(): Promise<VersionToken> {
    const { values } = this.props;
    const first = await values.value();
    try {
      return await this.mintFor(first);
    } catch (error) {
      if (!(error instanceof CredentialRefusedError)) throw error;
      const second = await values.refreshed(first.versionId);
      if (second.versionId === first.versionId) throw error;
      return await this.mintFor(second);
    }
  }

  private async mintFor(value: VersionedValue): Promise<VersionToken> {
    const { values, clock } = this.props;
    const { credential, versionId } = value;
    const { refusal } = this;
    if (refusal?.versionId === versionId && clock.now() < refusal.until) throw refusal.error;
    const { login, api } = this.endpointsOf(value);
    const { url, method, headers, body } = tokenCall(login, credential);
    const response = await this.props.login(url, { method, headers, body, redirect: "manual" });
    const answer = (await response.json().catch(() => undefined)) as { error?: string } | undefined;
    const now = clock.now();
    const token = response.ok ? readToken(answer, now) : undefined;
    if (token) {
      this.current = { ...token, api, versionId, mintedAt: now };
      return this.current;
    }
    const problem = `POST /oauth/token: HTTP ${response.status} ${answer?.error ?? "no token"}`;
    const isRefused = response.status === 401 || answer?.error === "invalid_client";
    const error = isRefused
      ? new CredentialRefusedError(values.name, credential.clientId, problem, values.fix)
      : new Error(`${values.name}: ${problem}`);
    // Also for its limit of logins, which the login refuses with 400.
    this.refusal = { versionId, until: now + PAUSE, error };
    throw error;
  }

  private endpointsOf({ endpoints, credential }: VersionedValue): Endpoints {
    return this.props.endpoints ?? endpoints ?? endpointsOf(credential.region as GenesysRegion);
  }
}

/** Genesys Cloud refuses the client of the credential's current version. */
export class CredentialRefusedError extends Error {
  override readonly name = "CredentialRefusedError";

  constructor(credential: string, clientId: string, problem: string, fix: string) {
    super(`${credential}: Genesys Cloud refuses client ${clientId} (${problem}): ${fix}`);
  }
}
