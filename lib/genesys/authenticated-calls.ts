import { ApiError } from "../http/api-error";
import { type Clock, SYSTEM_CLOCK } from "../http/clock";
import { type Call, type ResilienceProps, ResilientFetch } from "../http/resilient-fetch";
import type { GenesysRegion } from "../registry/genesys-regions";
import {
  type AccessToken,
  type ClientCredential,
  type Endpoints,
  endpointsOf,
  readToken,
  tokenCall,
} from "./login";

/** An access token that the caller has already, for example of a person. */
export interface GivenToken {
  readonly accessToken: string;
}

/** Properties of {@link AuthenticatedCalls}. */
export type PlatformApiProps = ApiProps & (ClientCredential | GivenToken);

interface ApiProps extends ResilienceProps {
  readonly region: GenesysRegion;
  /**
   * Base URLs of the API and of its login.
   * @default - those of the region
   */
  readonly endpoints?: Endpoints;
}

/**
 * Calls of the API of one organisation, as one OAuth client (client credentials) or with a given access
 * token. A token is requested when it is needed, and kept until shortly before it expires.
 */
export class AuthenticatedCalls {
  private readonly http: ResilientFetch;
  protected readonly endpoints: Endpoints;
  private readonly clock: Clock;
  private token: Promise<AccessToken> | undefined;

  constructor(protected readonly props: PlatformApiProps) {
    this.endpoints = props.endpoints ?? endpointsOf(props.region);
    this.clock = props.clock ?? SYSTEM_CLOCK;
    this.http = new ResilientFetch(props);
  }

  /**
   * Id of the client that calls.
   * @throws Error when the API is called with a given token
   */
  get clientId(): string {
    if ("clientId" in this.props) return this.props.clientId;
    throw new Error("a given token does not name its client");
  }

  /**
   * Makes a call of the API.
   *
   * @param path with its query
   * @returns the answer's body
   */
  async call(
    method: Call["method"],
    path: string,
    body?: unknown,
    options: Pick<Call, "creates" | "secrets"> = {},
  ): Promise<unknown> {
    const send = (token: string) =>
      this.http.send({
        method,
        url: `${this.endpoints.api}${path}`,
        name: `${method} ${path.split("?")[0]}`,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        ...options,
      });
    const token = await this.accessToken();
    try {
      return (await send(token)).body;
    } catch (error) {
      // A token can become invalid early. The API did nothing, so any call may be repeated.
      const isRefused = error instanceof ApiError && error.status === 401;
      if (!isRefused || "accessToken" in this.props) throw error;
      return (await send(await this.accessToken(token))).body;
    }
  }

  /** @param refused a token that the API refused */
  private async accessToken(refused?: string): Promise<string> {
    if ("accessToken" in this.props) return this.props.accessToken;
    const held = this.token;
    if (held) {
      const { value, until } = await held;
      if (value !== refused && this.clock.now() < until) return value;
    }
    // One token for all calls that wait at the same time.
    if (this.token === held) this.token = undefined;
    this.token ??= this.requestToken(this.props);
    const pending = this.token;
    try {
      return (await pending).value;
    } catch (error) {
      if (this.token === pending) this.token = undefined;
      throw error;
    }
  }

  private async requestToken(credential: ClientCredential) {
    const { body } = await this.http.send(tokenCall(this.endpoints.login, credential));
    const token = readToken(body, this.clock.now());
    if (!token) throw this.unusable("POST /oauth/token", "no token");
    return token;
  }

  /** Returns the error of an answer that lacks its main part. */
  protected unusable(call: string, what: string): ApiError {
    const message = `${call}: the answer cannot be used: it has ${what}`;
    const error = new ApiError(message, call, 200, undefined, undefined, 1, false);
    this.props.onGiveUp?.(error);
    return error;
  }
}
