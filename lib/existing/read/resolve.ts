import { canonicalText } from "../canonical-text";
import { type Arguments, type ExistingObject, isDangling, type Value } from "../model";
import { type Raw, Unordered } from "../types/mapping";

/** An object as it was read, with ids in its references. */
export interface RawObject {
  readonly type: string;
  readonly id: string;
  /** The object's name, below the names of its parents. */
  readonly path: readonly string[];
  readonly raw: Readonly<Record<string, Raw>>;
  readonly unmanaged?: string;
  readonly hasNamesakes?: boolean;
}

/** Replaces ids by names, sorts what has no order, and leaves out what is empty. */
export function resolveObjects(found: readonly RawObject[]): ExistingObject[] {
  const unique = withUniquePaths(found);
  const paths = new Map(unique.map(({ type, id, path }) => [`${type} ${id}`, path]));
  const pathOf: PathOf = (type, id) => paths.get(`${type} ${id}`);
  return unique.map(({ type, path, id, raw, ...more }) => ({
    type,
    path,
    id,
    arguments: (tidy(raw, pathOf) ?? {}) as Arguments,
    ...more,
  }));
}

/** Compares texts by their code units, so that the order is the same on every machine. */
export const byText = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0;

type PathOf = (type: string, id: string) => readonly string[] | undefined;

/** Adds a number to the names that several objects of a type have, in the order of their contents. */
function withUniquePaths(found: readonly RawObject[]): RawObject[] {
  const sameName = new Map<string, RawObject[]>();
  for (const one of found) {
    const key = JSON.stringify([one.type, ...one.path]);
    sameName.set(key, [...(sameName.get(key) ?? []), one]);
  }
  const taken = new Set(sameName.keys());
  const noNames: PathOf = () => [];
  const contentOf = ({ raw }: RawObject) => JSON.stringify(tidy(raw, noNames) ?? {});
  return [...sameName.entries()]
    .sort(([one], [other]) => byText(one, other))
    .flatMap(([, objects]) =>
      objects.length === 1 ? objects : numberedBy(contentOf, objects, taken),
    );
}

const numberedBy = (
  contentOf: (object: RawObject) => string,
  objects: readonly RawObject[],
  taken: Set<string>,
): RawObject[] =>
  objects
    .map((object) => ({ object, content: contentOf(object) }))
    .sort(
      (one, other) => byText(one.content, other.content) || byText(one.object.id, other.object.id),
    )
    .map(({ object }, index) => ({
      ...object,
      path: index === 0 ? object.path : numbered(object, index + 1, taken),
      hasNamesakes: true,
    }));

/** Returns the path with a number that no other object has in its name. */
function numbered(
  { type, path }: Pick<RawObject, "type" | "path">,
  number: number,
  taken: Set<string>,
): readonly string[] {
  const other = [...path.slice(0, -1), `${path.at(-1)} (${number})`];
  const key = JSON.stringify([type, ...other]);
  if (taken.has(key)) return numbered({ type, path }, number + 1, taken);
  taken.add(key);
  return other;
}

/** An id says nothing about the order: it is another one in each organisation. */
const withoutIds = (value: Value): unknown => {
  if (typeof value !== "object") return value;
  if (isDangling(value)) return { $ref: value.$ref };
  if (Array.isArray(value)) return value.map(withoutIds);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutIds(each as Value)]),
  );
};

/** Returns a value without its empty parts; undefined if nothing is left. */
function tidy(raw: Raw, pathOf: PathOf): Value | undefined {
  if (raw === null || raw === undefined || raw === "") return undefined;
  if (typeof raw !== "object") return raw;
  if (raw instanceof Unordered) {
    const items = (tidy(raw.items, pathOf) ?? []) as readonly Value[];
    const sorted = items
      .map((item) => ({ item, text: canonicalText(withoutIds(item)) }))
      .sort((one, other) => byText(one.text, other.text));
    return sorted.length > 0 ? sorted.map(({ item }) => item) : undefined;
  }
  if (Array.isArray(raw)) {
    const items = raw.map((one) => tidy(one, pathOf)).filter((one) => one !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const block = raw as { readonly [name: string]: Raw };
  if (typeof block.$ref === "string" && typeof block.id === "string") {
    const path = pathOf(block.$ref, block.id);
    return path ? { $ref: block.$ref, path } : { $ref: block.$ref, id: block.id };
  }
  const kept: Record<string, Value> = {};
  for (const [name, one] of Object.entries(block)) {
    const value = tidy(one, pathOf);
    if (value !== undefined) kept[name] = value;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
