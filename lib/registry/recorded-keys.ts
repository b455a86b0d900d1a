import { textAt } from "./raw-value";

/** An org's own KMS key, as the record of its home has it. */
export const recordedKeyOf = (record: unknown, home: string, org: string): string | undefined =>
  textAt(record, "homes", home, "orgs", org, "kmsKeyArn");

/** A home's own KMS key, as the record has it. */
export const recordedHomeKeyOf = (record: unknown, home: string): string | undefined =>
  textAt(record, "homes", home, "kmsKeyArn");
