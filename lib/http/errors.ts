/** A call of the Platform API that was given up. Never says what was sent. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    /** For example `GET /api/v2/oauth/clients`. */
    readonly call: string,
    /** HTTP status; undefined where no answer came. */
    readonly status: number | undefined,
    /** The API's own code of the error, for example `too.many.requests.retry.after`. */
    readonly code: string | undefined,
    /** `ININ-Correlation-Id`: what Genesys' support asks for. */
    readonly correlationId: string | undefined,
    /** Requests that were sent. */
    readonly attempts: number,
    /** Whether the API may have done what it was asked for: no answer, or one that does not say. */
    readonly uncertain: boolean,
  ) {
    super(message);
  }
}

/** The breaker is open: nothing was sent. */
export class BreakerOpenError extends Error {
  override readonly name = "BreakerOpenError";

  constructor(call: string, milliseconds: number) {
    super(
      `${call} was not sent: too many calls have failed in the last minute; the next try is in ${Math.ceil(milliseconds / 1000)} s`,
    );
  }
}
