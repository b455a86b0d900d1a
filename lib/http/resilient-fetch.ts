import { Breaker } from "./breaker";
import { type Clock, SYSTEM_CLOCK } from "./clock";
import { ApiError, BreakerOpenError } from "./errors";
import { TokenBucket } from "./token-bucket";

/** How calls are made. */
export interface ResilienceProps {
  /** @default - the global fetch */
  readonly fetch?: typeof fetch;
  /** @default - the system's clock */
  readonly clock?: Clock;
  /**
   * A random number, at least 0 and less than 1.
   * @default - Math.random
   */
  readonly random?: () => number;
  /**
   * Requests after the first.
   * @default 3
   */
  readonly retries?: number;
  /**
   * Milliseconds until a request is given up; Infinity: never.
   * @default 15000
   */
  readonly timeout?: number;
  /** Told of every call that is given up: no failure ends in silence. */
  readonly onGiveUp?: (error: ApiError | BreakerOpenError) => void;
}

/** One call of an API. */
export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  /** What messages call it: never more than the path. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether doing it twice makes two of something. */
  readonly creates?: boolean;
  /**
   * What an answer's body says went wrong.
   * @default - as the Platform API and its login say it
   */
  readonly problemIn?: (body: unknown) => Pick<ErrorBody, "code" | "message">;
}

/** An answer that was no failure. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 20_000;
/** Longer than this nobody here can wait: the rotator's Lambda ends before. */
const LONGEST_RETRY_AFTER = 60_000;

interface Failure {
  readonly status?: number;
  readonly code?: string;
  readonly correlationId?: string;
  readonly message: string;
  /** Milliseconds that the API asks to wait. */
  readonly retryAfter?: number;
  /** Whether this try, or one before it, may have done what it was to do. */
  readonly uncertain?: boolean;
}

/**
 * Sends calls one API's way: not more than it allows, again where that can help, and not at all
 * while it fails.
 *
 * A call that creates is sent again only when the API said that it did nothing: an answer that got
 * lost may belong to a call that worked.
 */
export class ResilientFetch {
  private readonly fetch: typeof fetch;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly bucket: TokenBucket;
  private readonly breaker: Breaker;

  constructor(private readonly props: ResilienceProps = {}) {
    this.fetch = props.fetch ?? fetch;
    this.clock = props.clock ?? SYSTEM_CLOCK;
    this.random = props.random ?? Math.random;
    this.bucket = new TokenBucket(this.clock);
    this.breaker = new Breaker(this.clock);
  }

  /**
   * @throws ApiError when the API refuses, or does not answer
   * @throws BreakerOpenError when too many calls have failed
   */
  async send(call: Call): Promise<Answer> {
    const { retries = 3 } = this.props;
    let before: Failure | undefined;
    for (let attempt = 1; ; attempt++) {
      await this.bucket.take();
      const { wait: open } = this.breaker;
      if (open > 0) {
        // What was sent before says more, and may have been done.
        if (before) throw this.giveUp(call, before, attempt - 1);
        throw this.report(new BreakerOpenError(call.name, open));
      }
      const outcome = await this.attempt(call);
      if ("body" in outcome) return outcome;
      const uncertain = before?.uncertain || isUncertain(outcome.status);
      before = { ...outcome, uncertain };
      const wait = this.delay(call, outcome, attempt);
      if (wait !== undefined && isRefusal(outcome)) this.bucket.pause(outcome.retryAfter ?? 0);
      if (wait === undefined || attempt > retries) throw this.giveUp(call, before, attempt);
      await this.clock.sleep(wait);
    }
  }

  private async attempt(call: Call): Promise<Answer | Failure> {
    const probe = this.breaker.begin();
    let outcome: Answer | Failure;
    try {
      outcome = await this.request(call);
    } catch (error) {
      // Only the kind: a message of the network could repeat the address with what is in it.
      outcome = { message: `no answer (${(error as Error).name})` };
    }
    // A 429 is no trouble of the API, and says itself how long to wait.
    this.breaker.end(!("body" in outcome) && isUncertain(outcome.status), probe);
    return outcome;
  }

  private async request(call: Call): Promise<Answer | Failure> {
    const { method, url, headers, body, problemIn = asBody } = call;
    const { timeout = 15_000 } = this.props;
    const signal = Number.isFinite(timeout) ? AbortSignal.timeout(timeout) : undefined;
    const response = await this.fetch(url, { method, headers, body, signal });
    const text = await response.text();
    // Only a delete has nothing to say.
    const parsed = text === "" && method === "DELETE" ? null : parse(text);
    const { status } = response;
    if (response.ok && parsed !== undefined) return { status, body: parsed };
    const { code, error, message, error_description: description } = problemIn(parsed) as ErrorBody;
    return {
      status: response.ok ? 502 : status,
      code: code ?? error,
      correlationId: response.headers.get("inin-correlation-id") ?? undefined,
      message: message ?? description ?? (response.ok ? "an answer that is no JSON" : ""),
      retryAfter: this.retryAfter(response.headers.get("retry-after")),
    };
  }

  /** Milliseconds; the header has seconds, or a date. */
  private retryAfter(header: string | null): number | undefined {
    if (!header) return undefined;
    const wait = /^\d+$/.test(header)
      ? Number(header) * 1000
      : Date.parse(header) - this.clock.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
  }

  /** Milliseconds to wait before the next try; undefined: there should be none. */
  private delay(call: Call, failure: Failure, attempt: number): number | undefined {
    const { status, retryAfter = 0 } = failure;
    const refused = isRefusal(failure);
    if (!refused && !isTrouble(status)) return undefined;
    if (call.creates && !refused) return undefined;
    if (retryAfter > LONGEST_RETRY_AFTER) return undefined;
    // Full jitter: whoever failed together does not come back together.
    const most = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
    return retryAfter + this.random() * most;
  }

  private giveUp(call: Call, failure: Failure, attempts: number): ApiError {
    const { status, code, correlationId, message, uncertain = false } = failure;
    const what = [status === undefined ? "" : `HTTP ${status}`, code, message].filter(Boolean);
    const about = [
      attempts === 1 ? "" : `${attempts} attempts`,
      correlationId === undefined ? "" : `correlation id ${correlationId}`,
    ].filter(Boolean);
    const error = new ApiError(
      `${call.name}: ${what.join(" ")}${about.length > 0 ? ` (${about.join(", ")})` : ""}`,
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

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  /** As the login says it. */
  readonly error?: string;
  readonly error_description?: string;
}

const asBody = (body: unknown): ErrorBody => body ?? {};

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What time may mend; undefined is no answer at all. */
const isTrouble = (status: number | undefined): boolean =>
  status === undefined || status === 408 || status === 429 || (status >= 500 && status !== 501);

/** What may have been done, or not. */
const isUncertain = (status: number | undefined): boolean => isTrouble(status) && status !== 429;

/** Too many requests: nothing was done. */
const isRefusal = (failure: Failure): boolean => failure.status === 429 || isTokenLimit(failure);

/** The login says "too many" with a 400. Source: the Genesys Cloud Terraform provider. */
const isTokenLimit = ({ status, code, message }: Failure): boolean =>
  status === 400 && code === "invalid_request" && /rate limit exceeded/.test(message);
