/** Keys that name an item of a list, the most telling first. */
const NAMES = ["Sid", "name", "key", "id"];

/**
 * Returns a value whose parts can be compared one by one: JSON in a text is read, and items of lists have
 * their names or values as keys, so that a new one does not shift all others.
 */
export function comparable(value: unknown): unknown {
  const read = typeof value === "string" ? documentIn(value) : value;
  if (Array.isArray(read)) return comparableList(read);
  if (typeof read !== "object" || read === null) return read;
  return Object.fromEntries(Object.entries(read).map(([key, item]) => [key, comparable(item)]));
}

function comparableList(list: readonly unknown[]): unknown {
  const keys = keysOf(list);
  const items = list.map(comparable);
  return keys ? Object.fromEntries(keys.map((key, index) => [`[${key}]`, items[index]])) : items;
}

/** Returns a key for each item of a list; undefined if it has none, or another one has the same. */
function keysOf(list: readonly unknown[]): string[] | undefined {
  const ways = [
    (item: unknown) => (typeof item === "string" ? item : undefined),
    ...NAMES.map((name) => (item: unknown) => textAt(item, name)),
  ];
  for (const way of ways) {
    const keys = list.flatMap((item) => way(item) ?? []);
    if (keys.length === list.length && new Set(keys).size === keys.length) return keys;
  }
  return undefined;
}

function textAt(item: unknown, key: string): string | undefined {
  const value = typeof item === "object" && item !== null ? Reflect.get(item, key) : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Returns the JSON in a text, or the text itself. */
function documentIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
