import type { GenesysRegion } from "../registry/genesys-regions";

/**
 * What a secret holds: one document, so that id and secret are never of two different clients.
 */
export interface CredentialValue {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly region: GenesysRegion;
  /** The organisation's id in Genesys Cloud. */
  readonly orgId: string;
}

/** @throws Error that never has the text, or a part of it */
export function readCredential(text: string, what: string): CredentialValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${what} is no JSON document`);
  }
  const fields = ["clientId", "clientSecret", "region", "orgId"] as const;
  const missing = fields.filter(
    (field) => typeof (value as Partial<CredentialValue> | null)?.[field] !== "string",
  );
  if (missing.length > 0) throw new Error(`${what} has no ${missing.join(", ")}`);
  return value as CredentialValue;
}

export const writeCredential = (value: CredentialValue): string => JSON.stringify(value);
