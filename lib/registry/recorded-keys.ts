import { textAt } from "./raw-value";

/** Full ARN of an org's own KMS key in the record of its home. */
export const recordedKeyOf = (record: unknown, home: string, org: string): string | undefined =>
  textAt(record, "homes", home, "orgs", org, "kmsKeyArn");

/** Full ARN of a home's own KMS key in the record. */
export const recordedHomeKeyOf = (record: unknown, home: string): string | undefined =>
  textAt(record, "homes", home, "kmsKeyArn");
