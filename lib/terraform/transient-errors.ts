/**
 * Errors that go away by themselves, as their services document them. Only steps that change nothing are
 * repeated after one: an apply that failed has changed what it has changed.
 */
const TRANSIENT: readonly (readonly [reason: string, pattern: RegExp])[] = [
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and Throttling for all services
  ["AWS asks for fewer requests", /\b(SlowDown|Throttling(Exception)?|TooManyRequestsException)\b/],
  ["AWS reports an error of its own", /\b(InternalError|InternalFailure|ServiceUnavailable)\b/],
  ["AWS reports a conflict of requests", /\b(OperationAborted|ConditionalRequestConflict)\b/],
  // https://developer.hashicorp.com/terraform/registry/api-docs, behind a CDN
  [
    "the provider registry does not answer",
    /(could not connect to registry|Failed to (query|install).*provider|failed to fetch provider)[\s\S]*\b(429|50[0234]|timeout|EOF|reset|TLS handshake|Client\.Timeout)\b/i,
  ],
  // https://developer.genesys.cloud/platform/api/rate-limits and its statuses
  ["Genesys Cloud asks for fewer requests", /\b(API|Auth) Error: 429\b/],
  ["Genesys Cloud does not answer", /\b(API|Auth) Error: 50[234]\b/],
  // https://developer.hashicorp.com/vault/api-docs#http-status-codes: 412 while a standby catches up,
  // 472 and 473 of standbys; a sealed Vault (503) needs a person
  ["Vault asks for another try", /\bCode: (412|429|472|473)\b/],
  // Go's own words for a network that fails for a moment
  [
    "the network failed",
    /\b(connection reset by peer|i\/o timeout|TLS handshake timeout|unexpected EOF|Temporary failure in name resolution)\b/,
  ],
];

/** Returns the reason why an error may go away by itself; undefined if it may not. */
export const transientReason = (output: string): string | undefined =>
  TRANSIENT.find(([, pattern]) => pattern.test(output))?.[0];
