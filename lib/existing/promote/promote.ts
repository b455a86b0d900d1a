import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import type { ManagedId } from "../../terraform/managed-ids";
import { type LeftOut, reasonAgainst } from "../adopt/adopt";
import { codeFiles, inOrder, type OrgCode } from "../code/code-files";
import { dependencyOrder } from "../code/dependency-order";
import { keptIds, logicalIds, type Manifest, singular } from "../code/logical-ids";
import type { Parameters } from "../code/parameters";
import { withUndeployed } from "../code/undeployed";
import {
  type ExistingObject,
  type ExistingOrg,
  isReference,
  keyOf,
  pathText,
  referencesIn,
  targetOf,
} from "../model";
import { type ChangedObject, chosenChanges } from "./changes";
import type { Choice } from "./choice";
import { type MissingReference, neededObjects } from "./needed";
import { formOf, promotedArguments } from "./values";

/** Properties of {@link promote}. */
export interface PromoteProps {
  /** Name of the organisation in the registry that gets the code. */
  readonly org: string;
  readonly from: ExistingOrg;
  /** The same organisation as `org`, with all types that have code or that are promoted. */
  readonly to: ExistingOrg;
  readonly choice: Choice;
  /** Objects that have code of an earlier run. */
  readonly known: Manifest;
  /** Values that the folder of the code has. */
  readonly parameters: Parameters;
  /** Values for objects that do not exist yet. @default - none */
  readonly given?: Parameters;
  /**
   * Whether also values are taken that differ between organisations by their nature.
   * @default false
   */
  readonly withValues?: boolean;
  /** Objects in the organisation's states. */
  readonly inStates: readonly ManagedId[];
  /** Of `org`. @default - the names of OAuth clients may have any */
  readonly environment?: Environment;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** An object that gets the source's arguments. */
export interface PromotedObject {
  readonly logicalId: string;
  readonly object: ExistingObject;
  readonly change: "new" | "changed";
  /** Paths of the arguments that change; none of a new object. */
  readonly differences: readonly string[];
  /** The object that refers to it. @default - it was chosen */
  readonly neededBy?: ExistingObject;
  /** Whether it exists, and had no code: it is imported. */
  readonly isImported: boolean;
  /** The source's values that it does not get, as parameters. */
  readonly withoutValues: Readonly<Record<string, unknown>>;
}

/** What was promoted. */
export interface Promotion extends OrgCode {
  readonly promoted: readonly PromotedObject[];
  readonly leftOut: readonly LeftOut[];
  /** Objects that were promoted before and are not deployed yet: their logical ids. */
  readonly undeployed: readonly string[];
  /** Objects that had code, and that the organisation has no more: their logical ids. */
  readonly gone: readonly string[];
}

/**
 * Returns the code of an organisation with objects as another one has them, and with all that they refer to and
 * the organisation lacks.
 *
 * @throws UserError that names all references that lead nowhere, all values that are missing, or all circles
 */
export function promote(props: PromoteProps): Promotion {
  const { org, from, known, given = {}, environment, schema, withValues = false } = props;
  const parameters = merged(props.parameters, given);
  const to = withUndeployed({ existing: props.to, known, parameters, schema });
  const kept = keptIds(to.objects, known);
  const addresses = new Map(
    props.inStates.map(({ type, id, address }) => [`${type} ${id}`, address]),
  );
  const { changes, leftOut } = chosenChanges({
    from,
    to,
    choice: props.choice,
    withValues,
    reasonAgainst: (object) =>
      reasonAgainst(
        object,
        addresses.get(`${object.type} ${object.id}`),
        `${object.type}.${kept.get(keyOf(object))}`,
      ),
  });
  const { needed, missing } = neededObjects(
    from,
    to,
    changes.map(({ object }) => object),
  );
  refuseMissing(from.name, org, missing);
  const all: readonly (ChangedObject & { readonly neededBy?: ExistingObject })[] = [
    ...changes,
    ...needed.map((one) => ({ ...one, differences: [] })),
  ];
  const promotedKeys = new Set(all.map(({ object }) => keyOf(object)));
  // What Terraform cannot manage any more loses its code, as adopt has it.
  const hasCode = (object: ExistingObject) =>
    kept.has(keyOf(object)) && object.unmanaged === undefined;
  const isKept = (object: ExistingObject) => !promotedKeys.has(keyOf(object));
  const others = to.objects.filter((object) => isKept(object) && !hasCode(object));
  const unchanged = to.objects.filter((object) => isKept(object) && hasCode(object));
  const ids = logicalIds(
    [...inOrder([...unchanged, ...all.map(({ object, before }) => before ?? object)]), ...others],
    known,
  );
  const sources = { parameters, withValues, schema };
  const written = all.map((change) => {
    const logicalId = ids.get(keyOf(change.object)) ?? "";
    return { ...change, logicalId, ...promotedArguments(change, logicalId, sources) };
  });
  refuseWithoutValues(org, written, schema);
  const managed = [
    ...unchanged,
    ...written.map(({ object, before, arguments: args }): ExistingObject => {
      const { id: _, hasNamesakes: __, ...source } = object;
      return { ...source, ...(before?.id !== undefined && { id: before.id }), arguments: args };
    }),
  ];
  refuseCircles(org, managed);
  const undeployed = new Set([...to.undeployed, ...promotedKeys]);
  refuseUnused(org, given, managed, undeployed, ids);
  const code = codeFiles({ org, managed, others, known, undeployed, environment, schema });
  return {
    ...code,
    promoted: written.map(({ object, before, differences, neededBy, logicalId, optional }) => ({
      logicalId,
      object,
      change: before ? "changed" : "new",
      differences,
      ...(neededBy && { neededBy }),
      isImported: before?.id !== undefined && !hasCode(before),
      withoutValues: formOf(object, optional, schema),
    })),
    leftOut,
    undeployed: [...to.undeployed].filter((key) => !promotedKeys.has(key)).map(idIn(ids)),
    gone: Object.keys(known).filter((logicalId) => !(logicalId in code.manifest)),
  };
}

const idIn = (ids: ReadonlyMap<string, string>) => (key: string) => ids.get(key) ?? key;

const merged = (one: Parameters, other: Parameters): Parameters => ({
  ...one,
  ...Object.fromEntries(
    Object.entries(other).map(([logicalId, values]) => [
      logicalId,
      { ...one[logicalId], ...values },
    ]),
  ),
});

/** Returns an object as messages name it. */
export const objectText = ({ type, path }: Pick<ExistingObject, "type" | "path">): string =>
  `${singular(type)} ${pathText(path)}`;

/** Places that are listed of one missing object. */
const MOST_PLACES = 5;

function refuseMissing(from: string, org: string, missing: readonly MissingReference[]): void {
  if (missing.length === 0) return;
  const places = new Map<string, string[]>();
  for (const { object, argument, target } of missing) {
    places.set(target, [...(places.get(target) ?? []), `${argument} of ${objectText(object)}`]);
  }
  const lines = [...places].map(([target, all]) => {
    const more = all.length - MOST_PLACES;
    const listed = all.slice(0, MOST_PLACES).join(", ");
    return `  ${target}: ${listed}${more > 0 ? `, and ${more} more` : ""}`;
  });
  throw new UserError(
    `nothing was written, since ${org} does not have what objects refer to:\n${lines.join("\n")}\nCreate it in ${org} under the same name, take the references away in ${from}, or promote other objects`,
  );
}

function refuseWithoutValues(
  org: string,
  written: readonly {
    readonly logicalId: string;
    readonly object: ExistingObject;
    readonly required: readonly string[];
  }[],
  schema: ProviderSchema,
): void {
  const without = written.filter(({ required }) => required.length > 0);
  if (without.length === 0) return;
  const lines = without.map(
    ({ object, required }) => `  ${objectText(object)}: ${required.join(", ")}`,
  );
  const forms = without.map(({ logicalId, object, required }) => [
    logicalId,
    formOf(object, required, schema),
  ]);
  throw new UserError(
    `nothing was written, since these objects need values that differ between organisations:\n${lines.join("\n")}\nWrite those of ${org} to a file, and give it with --parameters:\n${JSON.stringify(Object.fromEntries(forms), null, 2)}`,
  );
}

/** Objects that exist can be referred to by their ids, so that only new ones cannot be in a circle. */
function refuseCircles(org: string, managed: readonly ExistingObject[]): void {
  const added = new Map(
    inOrder(managed)
      .filter(({ id }) => id === undefined)
      .map((object) => [keyOf(object), object]),
  );
  const needs = new Map(
    [...added].map(([key, object]) => [
      key,
      [...referencesIn(object.arguments)].filter(isReference).map(targetOf),
    ]),
  );
  const { circles } = dependencyOrder(needs);
  if (circles.length === 0) return;
  const lines = circles.map((circle) => {
    const names = circle.flatMap((key) => added.get(key) ?? []).map(objectText);
    return `  ${names.join(" and ")} refer${names.length === 1 ? "s to itself" : " to each other"}`;
  });
  throw new UserError(
    `nothing was written, since Terraform cannot create objects in a circle:\n${lines.join("\n")}\nCreate one of each circle in ${org} without its reference, and promote again`,
  );
}

function refuseUnused(
  org: string,
  given: Parameters,
  managed: readonly ExistingObject[],
  undeployed: ReadonlySet<string>,
  ids: ReadonlyMap<string, string>,
): void {
  const open = managed.filter((object) => object.id === undefined || undeployed.has(keyOf(object)));
  const names = new Set(open.map((object) => ids.get(keyOf(object))));
  const unused = Object.keys(given).filter((logicalId) => !names.has(logicalId));
  if (unused.length === 0) return;
  throw new UserError(
    `nothing was written, since --parameters has values for objects that are not promoted, or that ${org} has already: ${unused.join(", ")}`,
  );
}
