/** Returns the JSON of a value with sorted names, so that equal values have the same text. */
export const canonicalText = (value: unknown): string => JSON.stringify(withSortedNames(value));

function withSortedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, withSortedNames(each)]),
  );
}
