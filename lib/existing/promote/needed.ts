import { singular } from "../code/logical-ids";
import { splitArguments } from "../code/per-org";
import type { CodedOrg } from "../code/undeployed";
import {
  type ExistingObject,
  type ExistingOrg,
  isDangling,
  isReference,
  keyOf,
  pathText,
  type Reference,
  targetOf,
  type Value,
} from "../model";
import { KNOWN_TYPES } from "../types";

/** An object that is promoted since another one refers to it. */
export interface NeededObject {
  readonly object: ExistingObject;
  readonly neededBy: ExistingObject;
}

/** A reference to an object that the target does not have, and that cannot be promoted. */
export interface MissingReference {
  readonly object: ExistingObject;
  /** Place of the reference: `members.0.user_id`. */
  readonly argument: string;
  /** What is missing, and why. */
  readonly target: string;
}

/**
 * Follows the references of objects, and returns what the target lacks of them: objects that are promoted too,
 * and those that cannot be.
 */
export function neededObjects(
  from: ExistingOrg,
  to: CodedOrg,
  objects: readonly ExistingObject[],
): { readonly needed: readonly NeededObject[]; readonly missing: readonly MissingReference[] } {
  const here = new Map(from.objects.map((object) => [keyOf(object), object]));
  const there = new Map(to.objects.map((object) => [keyOf(object), object]));
  const seen = new Set(objects.map(keyOf));
  const needed: NeededObject[] = [];
  const missing: MissingReference[] = [];
  const visit = (object: ExistingObject): void => {
    for (const [argument, reference] of referencesAt(object)) {
      if (isDangling(reference)) {
        const target = `the ${singular(reference.$ref)} ${reference.id} (${from.name} does not show its name)`;
        missing.push({ object, argument, target });
        continue;
      }
      const key = targetOf(reference);
      const target = there.get(key) ?? here.get(key);
      const reason = whyNot(from, target, there.has(key) ? to : undefined);
      if (seen.has(key) || (reason === undefined && there.has(key))) continue;
      if (reason === undefined && target) {
        seen.add(key);
        needed.push({ object: target, neededBy: object });
      } else missing.push({ object, argument, target: `${targetText(reference)} (${reason})` });
    }
  };
  for (const object of objects) visit(object);
  // It grows while it is walked.
  for (const { object } of needed) visit(object);
  return { needed, missing };
}

/** Returns why an object of the source or the target cannot be referred to; undefined if it can. */
function whyNot(
  from: ExistingOrg,
  target: ExistingObject | undefined,
  to: ExistingOrg | undefined,
): string | undefined {
  if (target?.hasNamesakes) return `several objects of ${(to ?? from).name} have this name`;
  if (to) return undefined;
  if (!target) return `${from.name} does not have it either`;
  if (!KNOWN_TYPES.get(target.type)?.mapping) return "objects of this type cannot be promoted";
  if (!from.types.includes(target.type)) return `${from.name} has only its name`;
  return target.unmanaged;
}

const targetText = ({ $ref, path }: Reference): string => `the ${singular($ref)} ${pathText(path)}`;

/** Returns the references of an object by their places, without values that differ by their nature. */
const referencesAt = ({ type, arguments: given }: ExistingObject) =>
  walk(splitArguments(type, given).common, "");

function* walk(
  value: Value,
  place: string,
): Generator<[string, Reference | { readonly $ref: string; readonly id: string }]> {
  if (typeof value !== "object") return;
  if (isReference(value) || isDangling(value)) yield [place, value];
  else {
    for (const [name, one] of Object.entries(value)) {
      yield* walk(one as Value, place === "" ? name : `${place}.${name}`);
    }
  }
}
