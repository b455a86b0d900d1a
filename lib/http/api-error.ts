/** An API call that failed for good. Its message never contains the content of the request. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    /** For example `GET /api/v2/oauth/clients`. */
    readonly call: string,
    /** HTTP status; undefined if no answer came. */
    readonly status: number | undefined,
    /** The API's own error code, for example `too.many.requests.retry.after`. */
    readonly code: string | undefined,
    /** `ININ-Correlation-Id`, which Genesys' support asks for. */
    readonly correlationId: string | undefined,
    /** Number of requests that were sent. */
    readonly attempts: number,
    /** Whether the API may have done the work: no answer came, or one that does not say so. */
    readonly uncertain: boolean,
  ) {
    super(message);
  }
}

/** A call that was not sent, since the breaker is open. */
export class BreakerOpenError extends Error {
  override readonly name = "BreakerOpenError";

  constructor(call: string, milliseconds: number) {
    super(
      `${call} was not sent: too many calls failed in the last minute. The next attempt is possible in ${Math.ceil(milliseconds / 1000)} s`,
    );
  }
}
