import { hasEnded } from "../../../recorded-waivers";
import type { KnownDriftEntry } from "../../../registry/model";
import { wildcardPattern } from "../../../registry/wildcards";
import {
  type AttributeChange,
  driftedObjects,
  isOnlyEmptied,
  type PlanJson,
  type PlannedChange,
} from "../../../terraform/changes/planned-changes";

/** One difference between the state and an organisation: of an attribute, or of a whole object. */
export interface Difference {
  readonly object: PlannedChange;
  /** Undefined if the object was deleted, or differs in nothing that Terraform shows. */
  readonly attribute?: AttributeChange;
}

/** A difference that an entry of the registry accepts. */
export interface KnownDifference extends Difference {
  readonly entry: KnownDriftEntry;
}

/** Differences, without those that the registry accepts. */
export interface Sifted {
  readonly open: readonly Difference[];
  readonly known: readonly KnownDifference[];
}

/** Differences of two looks, compared. */
export interface Compared {
  /** The differences that both looks found. */
  readonly lasting: readonly Difference[];
  /** Those that only one look found, or that had another value in each. */
  readonly transient: readonly Difference[];
}

/** Returns the differences that a refresh-only plan found. */
export const differencesIn = (plan: PlanJson): Difference[] =>
  driftedObjects(plan).flatMap((object) => {
    if (object.action === "delete" || object.attributes.length === 0) return [{ object }];
    return object.attributes
      .filter((attribute) => !isOnlyEmptied(attribute))
      .map((attribute) => ({ object, attribute }));
  });

/** Separates the differences that entries of the registry accept; an entry that has ended accepts none. */
export function sift(
  differences: readonly Difference[],
  entries: readonly KnownDriftEntry[],
  now: number,
): Sifted {
  const valid = entries.filter((entry) => !hasEnded(entry, now));
  const open: Difference[] = [];
  const known: KnownDifference[] = [];
  for (const difference of differences) {
    const entry = valid.find((each) => accepts(each, difference));
    if (entry) known.push({ ...difference, entry });
    else open.push(difference);
  }
  return { open, known };
}

/**
 * Compares two looks. A difference lasts if the second look found the same value: one that still moves is
 * not settled, and the next run shows how it ends.
 */
export function compareLooks(
  first: readonly Difference[],
  second: readonly Difference[],
): Compared {
  const [before, after] = [first, second].map((look) => new Set(look.map(valueKeyOf)));
  const lasting = second.filter((each) => before?.has(valueKeyOf(each)));
  const others = [
    ...first.filter((each) => !after?.has(valueKeyOf(each))),
    ...second.filter((each) => !before?.has(valueKeyOf(each))),
  ];
  // One with another value in each look is one difference.
  return { lasting, transient: byKey(others) };
}

/** Returns the changed objects, each with those of its attributes that are among the differences. */
export function objectsOf(differences: readonly Difference[]): PlannedChange[] {
  const objects = new Map<string, PlannedChange>();
  for (const { object, attribute } of byKey(differences)) {
    const key = JSON.stringify([object.address, object.action]);
    const known = objects.get(key) ?? { ...object, attributes: attribute ? [] : object.attributes };
    const attributes = attribute ? [...known.attributes, attribute] : known.attributes;
    objects.set(key, { ...known, attributes });
  }
  return [...objects.values()];
}

function accepts(entry: KnownDriftEntry, { object, attribute }: Difference): boolean {
  if (!wildcardPattern(entry.address).test(object.address)) return false;
  if (entry.attribute === undefined) return true;
  return (
    attribute !== undefined && wildcardPattern(entry.attribute, "(\\..+)?").test(attribute.path)
  );
}

/** Returns each difference once, with the value that was found last. */
const byKey = (differences: readonly Difference[]): Difference[] => [
  ...new Map(differences.map((each) => [keyOf(each), each])).values(),
];

const keyOf = ({ object: { address, action }, attribute }: Difference): string =>
  JSON.stringify([address, action, attribute?.path]);

const valueKeyOf = (difference: Difference): string =>
  JSON.stringify([keyOf(difference), difference.attribute?.after]);
