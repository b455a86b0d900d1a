import type { ContractSecret } from "./contract-secret";

/** A behaviour on which a client can rely. */
export interface Behaviour<Subject = ContractSecret> {
  readonly title: string;
  /** Observations of a client. */
  readonly observe: (subject: Subject) => Promise<unknown>;
  readonly aws: unknown;
  readonly moto?: { readonly differs: string; readonly sees: unknown };
}

export const V1 = "version-1-of-the-secret-under-test";
export const V2 = "version-2-of-the-secret-under-test";
export const V3 = "version-3-of-the-secret-under-test";

export const NOT_FOUND = "ResourceNotFoundException";
export const EXISTS = "ResourceExistsException";
export const INVALID_REQUEST = "InvalidRequestException";
export const INVALID_PARAMETER = "InvalidParameterException";
/** The SDK's error for a page that says "Internal Server Error". */
export const NO_ANSWER = "SyntaxError";
