/**
 * The record of one credential that is not an OAuth client. Terraform writes it as JSON to an SSM
 * parameter. It contains names and days, and no secret.
 */
export interface ManagedSecretRecord {
  readonly secretArn: string;
  /** Kind of the credential, such as `webhook-secret`. */
  readonly kind: string;
  /** Whether the rotator replaces it on schedule. */
  readonly rotates: boolean;
  /** Days for which a value may be used. */
  readonly rotationDays: number;
  /** Days after these, from which it counts as overdue. */
  readonly graceDays: number;
  /** Team or person who replaces it. */
  readonly owner: string;
}

/**
 * Reads a record.
 * @throws Error that names the fields that are missing or wrong
 */
export function readManagedSecret(text: string, parameter: string): ManagedSecretRecord {
  const value = parse(text);
  const isText = (field: unknown) => typeof field === "string" && field !== "";
  const isDays = (days: unknown, least: number) => Number.isInteger(days) && Number(days) >= least;
  const problems = [
    isText(value.secretArn) && value.secretArn?.startsWith("arn:") ? "" : "secretArn",
    isText(value.kind) ? "" : "kind",
    typeof value.rotates === "boolean" ? "" : "rotates",
    isDays(value.rotationDays, 1) ? "" : "rotationDays",
    isDays(value.graceDays, 0) ? "" : "graceDays",
    isText(value.owner) ? "" : "owner",
  ].filter(Boolean);
  if (problems.length === 0) return value as ManagedSecretRecord;
  throw new Error(
    `the parameter ${parameter} is not the record of a secret (missing or wrong: ${problems.join(", ")}): apply the org's stack`,
  );
}

function parse(text: string): Partial<ManagedSecretRecord> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<ManagedSecretRecord>;
  } catch {
    return {};
  }
}
