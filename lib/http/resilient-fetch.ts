import { UserError } from "../errors";
import { ApiError, BreakerOpenError } from "./api-error";
import { Breaker } from "./breaker";
import { CallPace } from "./call-pace";
import { type Clock, SYSTEM_CLOCK } from "./clock";
import {
  backoff,
  isTransient,
  isUncertain,
  LONGEST_DELAY,
  LONGEST_RETRY_AFTER,
  retryAfter,
} from "./retry";

/** Properties of a {@link ResilientFetch}. */
export interface ResilienceProps {
  /** @default - the global fetch */
  readonly fetch?: typeof fetch;
  /** @default - the system's clock */
  readonly clock?: Clock;
  /**
   * Returns a random number, at least 0 and less than 1.
   * @default - Math.random
   */
  readonly random?: () => number;
  /**
   * Number of retries after the first request.
   * @default 3
   */
  readonly retries?: number;
  /**
   * Milliseconds until a request is given up; Infinity means never.
   * @default 15000
   */
  readonly timeout?: number;
  /** Called for every call that is given up, so that no failure stays silent. */
  readonly onGiveUp?: (error: ApiError | BreakerOpenError) => void;
}

/** One API call. */
export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  /** Name of the call in messages: never more than method and path. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether two requests would create two objects. */
  readonly creates?: boolean;
  /**
   * Secrets in the body, which no message may repeat.
   * @default - none
   */
  readonly secrets?: readonly string[];
  /**
   * Reads the error out of an answer's body.
   * @default - the format of the Platform API and its login
   */
  readonly problemIn?: (body: unknown) => Pick<ErrorBody, "code" | "message">;
}

/** A successful answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The login refuses without saying for how long; its limit is per minute. So the three retries span more
 * than a minute. Source: the Genesys Cloud Terraform provider, which waits a minute.
 */
const LOGIN_WINDOW = 60_000;

interface Failure {
  readonly status?: number;
  readonly code?: string;
  readonly correlationId?: string;
  readonly message: string;
  /** The login's words, which are never printed: they may repeat the request. */
  readonly description?: string;
  /** Milliseconds for which the API asks to wait. */
  readonly retryAfter?: number;
  /** Whether this attempt, or an earlier one, may have done the work. */
  readonly uncertain?: boolean;
}

/**
 * Sends calls to one API: no more than it allows, again where that can help, and none while the API
 * fails.
 *
 * A call that creates something is repeated only if the API said that it did nothing. If an answer
 * was lost, the call may have worked.
 */
export class ResilientFetch {
  private readonly fetch: typeof fetch;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly pace: CallPace;
  private readonly breaker: Breaker;

  constructor(private readonly props: ResilienceProps = {}) {
    this.fetch = props.fetch ?? fetch;
    this.clock = props.clock ?? SYSTEM_CLOCK;
    this.random = props.random ?? Math.random;
    this.pace = new CallPace(this.clock);
    this.breaker = new Breaker(this.clock);
  }

  /**
   * Sends a call, and repeats it where that can help.
   * @throws ApiError when the API refuses the call or does not answer
   * @throws BreakerOpenError when too many calls have failed
   * @throws UserError when the environment does not let a call be sent
   */
  async send(call: Call): Promise<Answer> {
    const { retries = 3 } = this.props;
    let previous: Failure | undefined;
    for (let attempt = 1; ; attempt++) {
      await this.pace.take();
      const { wait: open } = this.breaker;
      if (open > 0) {
        // The previous failure says more, and its request may have done the work.
        if (previous) throw this.giveUp(call, previous, attempt - 1);
        throw this.report(new BreakerOpenError(call.name, open));
      }
      const outcome = await this.attempt(call);
      if ("body" in outcome) return outcome;
      const uncertain = previous?.uncertain || isUncertain(outcome.status);
      previous = { ...outcome, uncertain };
      const wait = this.delay(call, outcome, attempt);
      if (wait !== undefined && isRefusal(outcome)) this.pace.pause(outcome.retryAfter ?? 0);
      if (wait === undefined || attempt > retries) throw this.giveUp(call, previous, attempt);
      await this.clock.sleep(wait);
    }
  }

  private async attempt(call: Call): Promise<Answer | Failure> {
    const probe = this.breaker.begin();
    let outcome: Answer | Failure;
    try {
      outcome = await this.request(call);
    } catch (error) {
      if (error instanceof UserError) {
        this.breaker.end(false, probe);
        throw error;
      }
      outcome = { message: `no answer (${reasonOf(error as Error)})` };
    }
    // A 429 is not a failure of the API, and says itself how long to wait.
    this.breaker.end(!("body" in outcome) && isUncertain(outcome.status), probe);
    return outcome;
  }

  private async request(call: Call): Promise<Answer | Failure> {
    const { method, url, headers, body, problemIn = asBody } = call;
    const { timeout = 15_000 } = this.props;
    const signal = Number.isFinite(timeout) ? AbortSignal.timeout(timeout) : undefined;
    // The target of a redirect would get the credential.
    const redirect = "manual";
    const response = await this.fetch(url, { method, headers, body, signal, redirect });
    const text = await response.text();
    const { status } = response;
    const parsed = text === "" && mayBeEmpty(method, status) ? null : parse(text);
    if (response.ok && parsed !== undefined) return { status, body: parsed };
    const { code = "", error, message, error_description } = problemIn(parsed) as ErrorBody;
    const clean = (said: unknown) => withoutEcho(call, said);
    return {
      status: response.ok ? 502 : status,
      code: clean(code || error),
      correlationId: response.headers.get("inin-correlation-id") ?? undefined,
      message: isRedirect(status)
        ? "redirects are not followed"
        : (clean(message) ?? noJson(response)),
      description: error_description,
      retryAfter: retryAfter(response.headers.get("retry-after"), this.clock.now()),
    };
  }

  /** Milliseconds to wait before the next attempt; undefined if there must be none. */
  private delay(call: Call, failure: Failure, attempt: number): number | undefined {
    const { status, retryAfter: asked = isTokenLimit(failure) ? LOGIN_WINDOW / 3 : 0 } = failure;
    const refused = isRefusal(failure);
    if (!refused && !isTransient(status)) return undefined;
    if (call.creates && !refused) return undefined;
    if (asked > LONGEST_RETRY_AFTER) return undefined;
    // Full jitter: calls that failed together must not come back together.
    return asked + this.random() * (isTokenLimit(failure) ? LONGEST_DELAY : backoff(attempt));
  }

  private giveUp(call: Call, failure: Failure, attempts: number): ApiError {
    const { status, code, correlationId, message, uncertain = false } = failure;
    const problem = [status === undefined ? "" : `HTTP ${status}`, code, message].filter(Boolean);
    const details = [
      attempts === 1 ? "" : `${attempts} attempts`,
      correlationId === undefined ? "" : `correlation id ${correlationId}`,
    ].filter(Boolean);
    const error = new ApiError(
      `${call.name}: ${problem.join(" ")}${details.length > 0 ? ` (${details.join(", ")})` : ""}`,
      call.name,
      status,
      code,
      correlationId,
      attempts,
      uncertain,
    );
    return this.report(error);
  }

  private report<Failed extends ApiError | BreakerOpenError>(error: Failed): Failed {
    this.props.onGiveUp?.(error);
    return error;
  }
}

/** Only a code or a name: a network error's message could contain the address and its secrets. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  const { code } = (error.cause ?? error) as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : error.name;
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  /** Error code of the login. */
  readonly error?: string;
  readonly error_description?: string;
}

/** Whether an answer without content is a whole one: to a delete, or where the status says so. */
const mayBeEmpty = (method: string, status: number): boolean =>
  method === "DELETE" || status === 202 || status === 204;

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

const noJson = ({ ok }: Pick<Response, "ok">): string => (ok ? "the answer is not JSON" : "");

/**
 * Returns what a server said, unless it repeats the credential that it was sent, or a part of it, or a
 * secret of the body.
 */
function withoutEcho({ headers, secrets = [] }: Call, said: unknown): string | undefined {
  if (typeof said !== "string" || said === "") return undefined;
  const [, sent = ""] = (headers.authorization ?? "").split(" ");
  const parts = [sent, ...Buffer.from(sent, "base64").toString().split(":"), ...secrets];
  return parts.some((part) => part.length >= SHORTEST_SECRET && said.includes(part))
    ? "(not shown, since it repeats the credential)"
    : said;
}

const SHORTEST_SECRET = 8;

const asBody = (body: unknown): ErrorBody => body ?? {};

/** Parses JSON; undefined if the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the API refused the request as one too many, and so did nothing. */
const isRefusal = (failure: Failure): boolean => failure.status === 429 || isTokenLimit(failure);

/**
 * Whether the login refused one request too many: it answers 400. Source: the Genesys Cloud
 * Terraform provider.
 */
const isTokenLimit = ({ status, code, description = "" }: Failure): boolean =>
  status === 400 && code === "invalid_request" && /rate limit exceeded/.test(description);
