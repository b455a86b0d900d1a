import {
  type Arguments,
  type ExistingObject,
  type ExistingOrg,
  isDangling,
  keyOf,
  type Value,
} from "../model";
import { byText } from "../read/resolve";
import { KNOWN_TYPES, OBJECT_TYPES } from "../types";
import { OAUTH_CLIENT } from "../types/names";
import { compareArguments } from "./compare-arguments";
import type { Comparison, Difference, NotComparable, SkippedType } from "./difference";
import { valueText } from "./same-value";

/** An organisation, or the code of one. */
export interface ComparedOrg extends ExistingOrg {
  /**
   * Whether it is code, which does not have what Terraform does not manage.
   * @default false
   */
  readonly isCode?: boolean;
}

/**
 * Compares two organisations. Objects are the same if they have the same type and the same name, below the same
 * parents; ids and order do not count.
 *
 * @param types Terraform types; those that are not complete on both sides are named as skipped
 */
export function compareOrgs(
  here: ComparedOrg,
  there: ComparedOrg,
  types: readonly string[] = OBJECT_TYPES.map(({ type }) => type),
): Comparison {
  const isComplete = (type: string) => here.types.includes(type) && there.types.includes(type);
  const withUnmanaged = !here.isCode && !there.isCode;
  const { organizationId: id } = here;
  const isSameOrg = !withUnmanaged || (id !== undefined && id === there.organizationId);
  const compared = types.filter(isComplete).map((type) =>
    compareType(objectsOf(here, type), objectsOf(there, type), type, {
      withUnmanaged,
      isSameOrg,
    }),
  );
  return {
    types: compared.map(({ type, mine, others }) => ({
      type: pluralOf(type),
      here: mine,
      there: others,
    })),
    skipped: types
      .filter((type) => !isComplete(type))
      .map((type): SkippedType => {
        const unknownIn = [here, there].filter((org) => !org.types.includes(type));
        return { type: pluralOf(type), unknownIn: unknownIn.map(({ name }) => name) };
      }),
    differences: compared.flatMap(({ differences }) => differences),
    notComparable: compared.reduce<NotComparable>(
      (sum, { notComparable }) => added(sum, notComparable),
      NONE,
    ),
  };
}

const NONE: NotComparable = { computed: 0, "left out": 0, "not found": 0, secret: 0 };

const added = (one: NotComparable, other: NotComparable): NotComparable => ({
  computed: one.computed + other.computed,
  "left out": one["left out"] + other["left out"],
  "not found": one["not found"] + other["not found"],
  secret: one.secret + other.secret,
});

const pluralOf = (type: string): string => KNOWN_TYPES.get(type)?.plural ?? type;

/** Returns the objects of a type by their keys. */
const objectsOf = ({ objects }: ExistingOrg, type: string): ReadonlyMap<string, ExistingObject> =>
  new Map(
    objects.filter((object) => object.type === type).map((object) => [matchKey(object), object]),
  );

interface Compared {
  readonly type: string;
  readonly mine: number;
  readonly others: number;
  readonly differences: readonly Difference[];
  readonly notComparable: NotComparable;
}

function compareType(
  here: ReadonlyMap<string, ExistingObject>,
  there: ReadonlyMap<string, ExistingObject>,
  type: string,
  /** Whether what Terraform does not manage counts, and whether both sides have the same ids. */
  { withUnmanaged, isSameOrg }: { readonly withUnmanaged: boolean; readonly isSameOrg: boolean },
): Compared {
  const differences: Difference[] = [];
  let notComparable = NONE;
  for (const key of [...new Set([...here.keys(), ...there.keys()])].sort(byText)) {
    const [mine, other] = [here.get(key), there.get(key)];
    const { path, unmanaged } = { ...(mine ?? (other as ExistingObject)) };
    const about = {
      type: pluralOf(type),
      path,
      ...(unmanaged === undefined ? {} : { unmanaged }),
    };
    if (!mine || !other) {
      if (unmanaged !== undefined && !withUnmanaged) continue;
      differences.push({ kind: mine ? "only here" : "only there", ...about });
      continue;
    }
    // Only that it exists is known of an object with a secret in its settings.
    if (isBare(mine) || isBare(other)) {
      notComparable = { ...notComparable, secret: notComparable.secret + 1 };
      continue;
    }
    const [own, others] = [mine, other].map((one) => {
      const given = argumentsOf(one);
      return isSameOrg ? namedByIds(given) : given;
    }) as [Arguments, Arguments];
    // Most objects are the same, and this is the quickest way to see it.
    if (JSON.stringify(own) === JSON.stringify(others)) continue;
    const found = compareArguments(own, others);
    differences.push(...found.differences.map((each) => ({ ...about, ...each })));
    for (const why of found.notComparable) {
      notComparable = { ...notComparable, [why]: notComparable[why] + 1 };
    }
  }
  return { type, mine: here.size, others: there.size, differences, notComparable };
}

/** What neither side could find has the same id on both, if they are one organisation. */
function namedByIds<Part extends Value>(value: Part): Part {
  if (typeof value !== "object") return value;
  if (isDangling(value)) return { $ref: value.$ref, path: [valueText(value)] } as Value as Part;
  if (Array.isArray(value)) return value.map(namedByIds) as Value as Part;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, namedByIds(one as Value)]),
  ) as Value as Part;
}

const isBare = ({ unmanaged, arguments: all }: ExistingObject): boolean =>
  unmanaged !== undefined && Object.keys(all).length === 0;

/**
 * A rotated client has the version of its credential in its name, and another one after each rotation. All
 * clients of a credential count as one.
 */
const matchKey = (object: ExistingObject): string =>
  isRotated(object)
    ? keyOf({ ...object, path: [...object.path.slice(0, -1), withoutVersion(object)] })
    : keyOf(object);

/** The name and the description of a rotated client say which version of which secret it belongs to. */
function argumentsOf(object: ExistingObject): ExistingObject["arguments"] {
  if (!isRotated(object)) return object.arguments;
  const { name: _, description: __, ...others } = object.arguments;
  return others;
}

const VERSION = /#[^#]+$/;
/** The description is the place of the credential. People may call clients `CRM #1` and `CRM #2`. */
const ROTATED = /^(?:arn:[\w-]+:secretsmanager:|vault:)/;

const isRotated = ({ type, path, unmanaged, arguments: given }: ExistingObject): boolean =>
  type === OAUTH_CLIENT &&
  unmanaged !== undefined &&
  VERSION.test(path.at(-1) ?? "") &&
  ROTATED.test(String(given.description ?? ""));

const withoutVersion = ({ path }: ExistingObject): string =>
  (path.at(-1) ?? "").replace(VERSION, "");
