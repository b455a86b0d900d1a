/** Names of one list that are shown. */
const MOST_NAMES = 10;

/** Returns the first names of a list, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
