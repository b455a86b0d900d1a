import { splitArguments } from "../code/per-org";
import {
  type ExistingObject,
  type ExistingOrg,
  isReference,
  keyOf,
  referencesIn,
  targetOf,
} from "../model";
import { type Choice, isChosen } from "./choice";

/**
 * Returns the types of all objects that the chosen ones refer to, also through others. Whether another
 * organisation has them can only be said of types that are read completely.
 */
export function reachedTypes(org: ExistingOrg, choice: Choice): string[] {
  const objects = new Map(org.objects.map((object) => [keyOf(object), object]));
  const seen = new Set<ExistingObject>(org.objects.filter((object) => isChosen(choice, object)));
  const types = new Set<string>();
  // A set that grows while it is walked gives its new elements too.
  for (const { type, arguments: given } of seen) {
    for (const reference of referencesIn(splitArguments(type, given).common)) {
      types.add(reference.$ref);
      const target = isReference(reference) ? objects.get(targetOf(reference)) : undefined;
      if (target) seen.add(target);
    }
  }
  return [...types];
}

/** Adds what was read of further types to what is known of an organisation. */
export function mergeOrgs(one: ExistingOrg, other: ExistingOrg): ExistingOrg {
  const complete = new Set(other.types);
  const known = new Map(
    one.objects.filter(({ type }) => !complete.has(type)).map((object) => [keyOf(object), object]),
  );
  for (const object of other.objects) {
    if (complete.has(object.type) || !known.has(keyOf(object))) known.set(keyOf(object), object);
  }
  return {
    ...one,
    types: [...new Set([...one.types, ...other.types])],
    objects: [...known.values()],
  };
}
