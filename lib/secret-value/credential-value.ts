/**
 * The value of a credential's secret: one JSON document, so that id and secret always belong to the
 * same OAuth client.
 */
export interface CredentialValue {
  readonly clientId: string;
  readonly clientSecret: string;
  /** AWS region of the organisation, for example us-east-1. */
  readonly region: string;
  /** The organisation's id in Genesys Cloud. */
  readonly orgId: string;
}

/** The fields of a value, in the order in which they are stored. */
const FIELDS = [
  "clientId",
  "clientSecret",
  "region",
  "orgId",
] as const satisfies readonly (keyof CredentialValue)[];

/** Builds the value from its fields, which may also be Terraform expressions. */
export const credentialValue = (fields: CredentialValue): CredentialValue =>
  Object.fromEntries(FIELDS.map((field) => [field, fields[field]])) as unknown as CredentialValue;

export const writeCredential = (value: CredentialValue): string =>
  JSON.stringify(credentialValue(value));

/** Returns the client of a value; undefined if somebody wrote another kind of value by hand. */
export function clientIdIn(text: string): string | undefined {
  try {
    return readCredential(text, "the value").clientId;
  } catch {
    return undefined;
  }
}

/**
 * Reads a value.
 * @param what the name of the value in messages
 * @throws Error that never contains the text or a part of it
 */
export function readCredential(text: string, what: string): CredentialValue {
  let value: Partial<CredentialValue> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw new Error(`${what} is not a JSON document`);
  }
  const missing = FIELDS.filter((field) => typeof value?.[field] !== "string");
  if (missing.length > 0) throw new Error(`${what} has no ${missing.join(", ")}`);
  return value as CredentialValue;
}
