import type { OrgEntry } from "./model";

// Entries that may be wrong anywhere. What is right in them is read all the same, so that one bad
// field does not hide what is wrong with the others. Own fields only: `constructor` is a possible
// name of an org.

/** The value at a path; undefined where there is none. */
export function valueAt(entry: unknown, ...path: readonly PropertyKey[]): unknown {
  let value = entry;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The text at a path; undefined where there is none, or something else. */
export function textAt(entry: unknown, ...path: readonly PropertyKey[]): string | undefined {
  const value = valueAt(entry, ...path);
  return typeof value === "string" ? value : undefined;
}

/** The items at a path; none where there is no list. */
export function listAt(entry: unknown, ...path: readonly PropertyKey[]): readonly unknown[] {
  const value = valueAt(entry, ...path);
  return Array.isArray(value) ? value : [];
}

/** The fields at a path; none where there is no object. */
export function fieldsAt(entry: unknown, ...path: readonly PropertyKey[]): [string, unknown][] {
  const value = valueAt(entry, ...path);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : [];
}

/** What an org's names are made of; undefined when a part of it is missing or no text. */
export function namedOf(
  org: unknown,
): Pick<OrgEntry, "name" | "environment" | "project"> | undefined {
  const name = textAt(org, "name");
  const environment = textAt(org, "environment") as OrgEntry["environment"] | undefined;
  const project = textAt(org, "project");
  if (!name || !environment || project !== valueAt(org, "project")) return undefined;
  return { name, environment, project };
}

/** An org's own KMS key, as the record of its home has it. */
export const recordedKeyOf = (record: unknown, home: string, org: string): string | undefined =>
  textAt(record, "homes", home, "orgs", org, "kmsKeyArn");

/** A home's own KMS key, as the record has it. */
export const recordedHomeKeyOf = (record: unknown, home: string): string | undefined =>
  textAt(record, "homes", home, "kmsKeyArn");
