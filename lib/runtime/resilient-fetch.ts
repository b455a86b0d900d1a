import { ApiError, BreakerOpenError } from "../http/api-error";
import { Breaker } from "../http/breaker";
import { CallPace } from "../http/call-pace";
import { SYSTEM_CLOCK } from "../http/clock";
import type { ResilienceProps } from "../http/resilient-fetch";
import { backoff, isTransient, isUncertain, LONGEST_RETRY_AFTER, retryAfter } from "../http/retry";

/** Methods that may be sent twice without doing the work twice. */
const REPEATABLE = /^(GET|HEAD|OPTIONS|PUT|DELETE)$/;

/** The end of one request: an answer, or the reason why none came. */
interface Outcome {
  readonly response?: Response;
  readonly error?: Error;
}

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
  const pace = new CallPace(clock);
  const breaker = new Breaker(clock);
  const report = <Failed extends ApiError | BreakerOpenError>(error: Failed): Failed => {
    props.onGiveUp?.(error);
    return error;
  };

  async function attempt(request: Request, given?: AbortSignal | null): Promise<Outcome> {
    const probe = breaker.begin();
    const signals = Number.isFinite(timeout) ? [AbortSignal.timeout(timeout)] : [];
    if (given) signals.push(given);
    try {
      const response = await (props.fetch ?? fetch)(request, {
        signal: AbortSignal.any(signals),
      });
      breaker.end(isUncertain(response.status), probe);
      return { response };
    } catch (error) {
      breaker.end(!given?.aborted, probe);
      return { error: error as Error };
    }
  }

  return async (input, init) => {
    const original = new Request(input, init);
    const given = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const { method, url } = original;
    // Never more than method and path: a query may have a secret.
    const name = `${method} ${new URL(url).pathname}`;
    const repeatable = props.repeatable?.(original) ?? REPEATABLE.test(method);
    for (let count = 1; ; count++) {
      await pace.take();
      if (breaker.wait > 0) throw report(new BreakerOpenError(name, breaker.wait));
      const { response, error } = await attempt(original.clone(), given);
      if (error && given?.aborted) throw error;
      const status = response?.status;
      if (response && !isTransient(status)) return response;
      const header = response?.headers.get("retry-after") ?? null;
      const asked = retryAfter(header, clock.now()) ?? 0;
      const isRefusal = status === 429;
      // A longer wait is for the caller: other calls must not sleep for it in silence.
      if (isRefusal) pace.pause(Math.min(asked, LONGEST_RETRY_AFTER));
      if (!(repeatable || isRefusal) || count > retries || asked > LONGEST_RETRY_AFTER) {
        const problem = response ? `HTTP ${status}` : `no answer (${error?.name})`;
        const failure = new ApiError(
          `${name}: ${problem}${count > 1 ? ` (${count} attempts)` : ""}`,
          name,
          status,
          undefined,
          response?.headers.get("inin-correlation-id") ?? undefined,
          count,
          isUncertain(status),
        );
        report(failure);
        if (response) return response;
        throw failure;
      }
      await response?.body?.cancel();
      await clock.sleep(asked + random() * backoff(count));
    }
  };
}
