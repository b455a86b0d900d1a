/** A value that Terraform does not know yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A Terraform value as a double handles it. Sets are arrays, and their order has no meaning. */
export type Value =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | typeof UNKNOWN
  | readonly Value[]
  | ObjectValue;

/** An object or a map. Every block, resource and configuration is one. */
export interface ObjectValue {
  [name: string]: Value;
}

/** Whether the value is an object or a map. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** Whether the value is a list, set or tuple. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Returns a copy that shares nothing with the original. */
export function copy<T extends Value>(value: T): T {
  if (isList(value)) return value.map(copy) as readonly Value[] as T;
  if (isObject(value)) return mapValues(value, copy) as T;
  return value;
}

/** Returns the object with every value replaced. */
export function mapValues(object: ObjectValue, change: (value: Value) => Value): ObjectValue {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/**
 * Returns a text that is the same for equal values. Keys are sorted, and lists as well, since a value
 * does not say whether it is a list or a set. A list in another order therefore counts as unchanged.
 */
export function canonical(value: Value | undefined): string {
  if (value === undefined || value === null) return "null";
  if (value === UNKNOWN) return "?";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString("base64")}`;
  if (isList(value)) return `[${value.map(canonical).sort().join(",")}]`;
  if (isObject(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Whether two values are the same to Terraform (see `canonical` for lists). */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  return canonical(left) === canonical(right);
}

/** Returns the member if it is a known text that is not empty. */
export function text(object: ObjectValue | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns the first element of a nested block. For blocks that occur at most once. */
export function firstBlock(object: ObjectValue, name: string): ObjectValue | undefined {
  const value = object[name];
  const first = isList(value) ? value[0] : value;
  return isObject(first) ? first : undefined;
}

/** Returns the texts of a list or set. Empty if it is not known. */
export function texts(value: Value | undefined): string[] {
  return isList(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
