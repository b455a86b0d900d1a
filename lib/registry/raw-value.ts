// Reads values of unknown form. Own fields only, since `constructor` is a possible name of an org.

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
