/** An object as the Platform API returns it. */
export type Entity = Readonly<Record<string, unknown>>;

/** Elements whose order has no meaning. */
export class Unordered {
  constructor(readonly items: readonly Raw[]) {}
}

/** A value as it was read: with ids in its references, with empty parts, and sets in any order. */
export type Raw =
  | string
  | number
  | boolean
  | null
  | undefined
  | Unordered
  | readonly Raw[]
  | { readonly [name: string]: Raw };

/** Returns the value of an argument from an object of the API. */
export type Read = (entity: Entity) => Raw;

/**
 * Arguments of a resource by their names in Terraform. A text alone is the place of a plain value in the
 * API's object, for example `acwSettings.timeoutMs`.
 */
export type Mapping = Readonly<Record<string, string | Read>>;

/** Reads the arguments of an API object. */
export function readArguments(mapping: Mapping, entity: Entity): Readonly<Record<string, Raw>> {
  return Object.fromEntries(
    Object.entries(mapping).map(([name, source]) => [
      name,
      typeof source === "string" ? field(source)(entity) : source(entity),
    ]),
  );
}

/** Returns what an API object has at a place, for example `mediaSettings.call`. */
export function at(entity: unknown, place: string): unknown {
  let found = entity;
  for (const name of place.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Entity)[name];
  }
  return found;
}

/** Returns the text at a place; undefined if there is none. */
export function textAt(entity: unknown, place: string): string | undefined {
  const found = at(entity, place);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Returns the objects in the list at a place; none if there is no list. */
export const entitiesAt = (entity: unknown, place: string): readonly Entity[] =>
  listAt(entity, place).filter(isEntity);

/** A plain value. */
export const field =
  (place: string): Read =>
  (entity) =>
    plain(at(entity, place));

/** A number that is not set if it is 0, which the provider would refuse. */
export const positive =
  (place: string): Read =>
  (entity) => {
    const found = at(entity, place);
    return typeof found === "number" && found > 0 ? found : undefined;
  };

/** Plain values whose order has no meaning. */
export const setOf =
  (place: string): Read =>
  (entity) =>
    new Unordered(listAt(entity, place).map(plain));

/** A reference to the object with an id; nothing without an id. */
export const refTo = (type: string, id: unknown): Raw =>
  typeof id === "string" && id !== "" ? { $ref: type, id } : undefined;

/** The object whose id is at a place. */
export const ref =
  (type: string, place: string): Read =>
  (entity) =>
    refTo(type, at(entity, place));

/** Objects in an order that has a meaning. The list at the place has ids, or objects with an `id`. */
export const orderedRefs =
  (type: string, place: string): Read =>
  (entity) =>
    listAt(entity, place).map((one) => refTo(type, isEntity(one) ? one.id : one));

/** Objects whose order has no meaning. */
export const refs =
  (type: string, place: string): Read =>
  (entity) =>
    new Unordered(orderedRefs(type, place)(entity) as readonly Raw[]);

/** A block that can be there once, from the object at a place. */
export const block =
  (place: string, mapping: Mapping): Read =>
  (entity) => {
    const found = at(entity, place);
    return isEntity(found) ? readArguments(mapping, found) : undefined;
  };

/** Blocks in an order that has a meaning, from the list at a place. */
export const blocks =
  (place: string, mapping: Mapping): Read =>
  (entity) =>
    entitiesAt(entity, place).map((one) => readArguments(mapping, one));

/** Blocks whose order has no meaning. */
export const blockSet =
  (place: string, mapping: Mapping): Read =>
  (entity) =>
    new Unordered(entitiesAt(entity, place).map((one) => readArguments(mapping, one)));

const listAt = (entity: unknown, place: string): readonly unknown[] => {
  const found = at(entity, place);
  return Array.isArray(found) ? found : [];
};

const plain = (value: unknown): Raw =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;

const isEntity = (value: unknown): value is Entity =>
  typeof value === "object" && value !== null && !Array.isArray(value);
