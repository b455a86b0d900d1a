import type { CredentialValue } from "../secret-value/credential-value";

/** An access token, and the API that it is for. */
export interface ApiToken {
  readonly value: string;
  /** Base URL of the Platform API. */
  readonly api: string;
}

/** A place that access tokens come from. */
export interface TokenSource {
  /**
   * Returns the value whose client gets the tokens.
   * @throws Error if the client's secret is not known here
   */
  value(): Promise<CredentialValue>;
  token(): Promise<ApiToken>;
  /** Returns another token than the one that was refused; undefined if asking again would not help. */
  renewed(refused: string): Promise<string | undefined>;
  /** Gives back all that was taken. It never throws, and may be called twice. */
  close(): Promise<void>;
}
