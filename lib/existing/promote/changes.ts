import { UserError } from "../../errors";
import { nearest } from "../../registry/nearest";
import type { LeftOut } from "../adopt/adopt";
import { differsByNature } from "../code/per-org";
import type { CodedOrg } from "../code/undeployed";
import { compareOrgs } from "../compare/compare-orgs";
import type { Difference } from "../compare/difference";
import { type ExistingObject, type ExistingOrg, keyOf, pathText } from "../model";
import { KNOWN_TYPES } from "../types";
import { type Choice, hasName, isChosen } from "./choice";

/** An object of the source that the target does not have, or has otherwise. */
export interface ChangedObject {
  /** As the source has it. */
  readonly object: ExistingObject;
  /** As the target has it. @default - it has none */
  readonly before?: ExistingObject;
  /** Paths of the arguments that differ; none of a new object. */
  readonly differences: readonly string[];
}

/** Properties of {@link chosenChanges}. */
export interface ChangesProps {
  readonly from: ExistingOrg;
  readonly to: CodedOrg;
  readonly choice: Choice;
  /** Whether values count that differ between organisations by their nature. */
  readonly withValues: boolean;
  /** Returns why code cannot change an object of the target; undefined if it can. */
  readonly reasonAgainst: (object: ExistingObject) => string | undefined;
}

/**
 * Returns the chosen objects that the target does not have, or has otherwise, and those of them that cannot be
 * promoted.
 *
 * @throws UserError if a type was not read, or no object has a name
 */
export function chosenChanges(props: ChangesProps): {
  readonly changes: readonly ChangedObject[];
  readonly leftOut: readonly LeftOut[];
} {
  const { from, to, choice, withValues, reasonAgainst } = props;
  refuseUnknown(from, choice);
  const here = new Map(from.objects.map((object) => [keyOf(object), object]));
  const there = new Map(to.objects.map((object) => [keyOf(object), object]));
  const changes: ChangedObject[] = [];
  const leftOut: LeftOut[] = [];
  for (const [key, differences] of differencesByObject(from, to, choice)) {
    const [object, before] = [here.get(key), there.get(key)];
    if (!object || !isChosen(choice, object)) continue;
    const counts = (argument: string): boolean => {
      const name = firstName(argument);
      if (!differsByNature(object.type, name)) return true;
      // An object that does not exist yet has the values that somebody wrote for it.
      return withValues && (before?.id !== undefined || !before?.arguments[name]);
    };
    const relevant = differences.flatMap(({ argument }) =>
      argument !== undefined && counts(argument) ? [argument] : [],
    );
    if (before && relevant.length === 0) continue;
    const reason =
      object.unmanaged ?? (before && reasonAgainst(before)) ?? namesakes(from, object, to, before);
    if (reason !== undefined) leftOut.push({ object, reason });
    else changes.push({ object, ...(before && { before }), differences: relevant });
  }
  return { changes, leftOut };
}

function differencesByObject(from: ExistingOrg, to: CodedOrg, { types }: Choice) {
  const byObject = new Map<string, Difference[]>();
  for (const type of types) {
    for (const difference of compareOrgs(from, to, [type]).differences) {
      const key = keyOf({ type, path: difference.path });
      byObject.set(key, [...(byObject.get(key) ?? []), difference]);
    }
  }
  return byObject;
}

const firstName = (argument: string): string => argument.split(/[.[]/)[0] ?? argument;

function namesakes(
  from: ExistingOrg,
  object: ExistingObject,
  to: ExistingOrg,
  before: ExistingObject | undefined,
): string | undefined {
  if (object.hasNamesakes) return `several objects of ${from.name} have this name`;
  return before?.hasNamesakes ? `several objects of ${to.name} have this name` : undefined;
}

function refuseUnknown(from: ExistingOrg, choice: Choice): void {
  const unread = choice.types.filter((type) => !from.types.includes(type));
  if (unread.length > 0) {
    const names = unread.map((type) => KNOWN_TYPES.get(type)?.plural ?? type).join(", ");
    throw new UserError(
      `${from.name} does not have the ${names}, since they were not read: write the snapshot again with \`genesys-orgs snapshot <org> ${names.replace(/,/g, "")}\`, or name other types`,
    );
  }
  const ofTypes = from.objects.filter(({ type }) => choice.types.includes(type));
  const unknown = (choice.names ?? []).filter(
    (name) => !ofTypes.some((object) => hasName(object, name)),
  );
  if (unknown.length === 0) return;
  const names = ofTypes.map(({ path }) => pathText(path));
  const meant = [...new Set(unknown.flatMap((name) => nearest(name, names)))];
  const hint = meant.length > 0 ? ` (did you mean ${meant.join(", ")}?)` : "";
  throw new UserError(`${from.name} has no object with the name ${unknown.join(", ")}${hint}`);
}
