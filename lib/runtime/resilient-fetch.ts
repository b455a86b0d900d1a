import { ApiError, BreakerOpenError } from "../http/api-error";
import { Breaker } from "../http/breaker";
import { SYSTEM_CLOCK } from "../http/clock";
import type { ResilienceProps } from "../http/resilient-fetch";
import { backoff, isTransient, isUncertain, LONGEST_RETRY_AFTER, retryAfter } from "../http/retry";
import { TokenBucket } from "../http/token-bucket";

/** Methods that may be sent twice without doing the work twice. */
const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Properties of {@link resilientFetch}. */
export interface ResilientFetchProps extends ResilienceProps {
  /**
   * Returns whether a request may be sent twice, since that does the work only once.
   * @default - GET, HEAD, OPTIONS, PUT and DELETE may
   */
  readonly repeatable?: (request: Request) => boolean;
}

/**
 * Returns a `fetch` for calls of the Platform API: at most 300 calls a minute; again after 429, 408, 5xx
 * and lost answers, with growing random waits or as long as `Retry-After` asks; and none while the API
 * fails. A POST or PATCH is repeated only after 429, when nothing was done. The last answer is returned,
 * whatever it is, and each call that was given up is reported.
 *
 * Its `fetch` throws ApiError when no answer came, and BreakerOpenError when too many calls have failed.
 */
export function resilientFetch(props: ResilientFetchProps = {}): typeof fetch {
  const { clock = SYSTEM_CLOCK, random = Math.random, retries = 3, timeout = 15_000 } = props;
  const bucket = new TokenBucket(clock);
  const breaker = new Breaker(clock);
  const report = <Failed extends ApiError | BreakerOpenError>(error: Failed): Failed => {
    props.onGiveUp?.(error);
    return error;
  };

  async function attempt(request: Request, given?: AbortSignal | null): Promise<Response | Error> {
    const probe = breaker.begin();
    const limit = Number.isFinite(timeout) ? [AbortSignal.timeout(timeout)] : [];
    const signals = [...(given ? [given] : []), ...limit];
    try {
      const response = await (props.fetch ?? fetch)(request, {
        // One signal alone: those of AbortSignal.any are kept as long as their sources.
        signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      });
      breaker.end(isUncertain(response.status), probe);
      return response;
    } catch (error) {
      breaker.end(!given?.aborted, probe);
      return error as Error;
    }
  }

  return async (input, init) => {
    const original = new Request(input, init);
    const given = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    // Never more than method and path: a query may have a secret.
    const name = `${original.method} ${new URL(original.url).pathname}`;
    const repeatable = props.repeatable?.(original) ?? REPEATABLE.has(original.method);
    for (let count = 1; ; count++) {
      await bucket.take();
      if (breaker.wait > 0) throw report(new BreakerOpenError(name, breaker.wait));
      const outcome = await attempt(original.clone(), given);
      if (given?.aborted && outcome instanceof Error) throw outcome;
      const status = outcome instanceof Error ? undefined : outcome.status;
      if (!isTransient(status)) return outcome as Response;
      const asked =
        outcome instanceof Error
          ? 0
          : (retryAfter(outcome.headers.get("retry-after"), clock.now()) ?? 0);
      if (status === 429) bucket.pause(asked);
      const mayRepeat = repeatable || status === 429;
      if (!mayRepeat || count > retries || asked > LONGEST_RETRY_AFTER) {
        const problem =
          status === undefined ? `no answer (${(outcome as Error).name})` : `HTTP ${status}`;
        const error = new ApiError(
          `${name}: ${problem}${count > 1 ? ` (${count} attempts)` : ""}`,
          name,
          status,
          undefined,
          (outcome as Response).headers?.get("inin-correlation-id") ?? undefined,
          count,
          isUncertain(status),
        );
        report(error);
        if (outcome instanceof Error) throw error;
        return outcome;
      }
      if (!(outcome instanceof Error)) await outcome.body?.cancel();
      await clock.sleep(asked + random() * backoff(count));
    }
  };
}
