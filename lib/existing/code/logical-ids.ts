import { createHash } from "node:crypto";
import { type Arguments, type ExistingObject, keyOf } from "../model";
import { KNOWN_TYPES } from "../types";

/** Longest readable part of an id. */
const LONGEST = 60;

/** An object that has code already. */
export interface KnownObject {
  readonly type: string;
  readonly path: readonly string[];
  /** @default - it does not exist yet */
  readonly id?: string;
  /**
   * Arguments of its code that the organisation does not have yet, without those that differ between
   * organisations by their nature.
   * @default - those that the organisation has
   */
  readonly arguments?: Arguments;
  /**
   * Address from which the code takes it over in the state.
   * @default - it is imported
   */
  readonly movedFrom?: string;
}

/** Objects that have code, by their logical ids: the names of the constructs, and of the resources in Terraform. */
export type Manifest = Readonly<Record<string, KnownObject>>;

/**
 * Returns a logical id for each object, by its key. It comes from the name: `queue-support`. An object that has
 * code keeps its id, also if it was renamed. If two names give the same id, or the same name in TypeScript, a digest
 * of the name is added to the later one.
 */
export function logicalIds(
  objects: readonly ExistingObject[],
  known: Manifest,
): ReadonlyMap<string, string> {
  const ids = keptIds(objects, known);
  const taken = new Set(Object.keys(known).map(camelCase));
  for (const object of objects) {
    const key = keyOf(object);
    if (ids.has(key)) continue;
    const id = freeId(object, taken);
    taken.add(camelCase(id));
    ids.set(key, id);
  }
  return ids;
}

/** Returns the logical ids of the objects that have code, by their keys. */
export function keptIds(objects: readonly ExistingObject[], known: Manifest): Map<string, string> {
  const ids = new Map<string, string>();
  const present = new Set(objects.map(({ type, id }) => `${type} ${id}`));
  const byId = new Map<string, string>();
  const byKey = new Map<string, string>();
  for (const [logicalId, { id, ...object }] of Object.entries(known)) {
    const place = `${object.type} ${id}`;
    if (id !== undefined && present.has(place)) byId.set(place, logicalId);
    // Its name belongs to another object if it was renamed.
    else byKey.set(keyOf(object), logicalId);
  }
  for (const object of objects) {
    const kept = byId.get(`${object.type} ${object.id}`) ?? byKey.get(keyOf(object));
    if (kept !== undefined) ids.set(keyOf(object), kept);
  }
  return ids;
}

function freeId(object: ExistingObject, taken: ReadonlySet<string>): string {
  const plain = `${singular(object.type)}-${slug(object.path.join(" "))}`.replace(/-$/, "");
  if (plain !== singular(object.type) && !taken.has(camelCase(plain))) return plain;
  for (let length = 6; ; length += 6) {
    const id = `${plain}-${digest(keyOf(object)).slice(0, length)}`;
    if (!taken.has(camelCase(id))) return id;
  }
}

/** Returns a type's name for one object: `queue`. */
export function singular(type: string): string {
  const plural = KNOWN_TYPES.get(type)?.plural ?? type;
  return plural.replace(/ies$/, "y").replace(/s$/, "");
}

/** Returns a text in small letters and digits, with hyphens between. */
const slug = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, LONGEST)
    .replace(/-$/, "");

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Returns a name in TypeScript: `queue-support` is `queueSupport`. */
export const camelCase = (name: string): string =>
  name.replace(/[-_]+(.)/g, (_, letter: string) => letter.toUpperCase());

/** Returns the name of a class: `routing_queue` is `RoutingQueue`. */
export const pascalCase = (name: string): string =>
  camelCase(name).replace(/^./, (letter) => letter.toUpperCase());
