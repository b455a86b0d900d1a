import { UserError } from "../../errors";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { compareArguments } from "../compare/compare-arguments";
import { type Arguments, type ExistingObject, type ExistingOrg, keyOf, pathText } from "../model";
import { MANIFEST, PARAMETERS } from "./code-files";
import { type KnownObject, keptIds, type Manifest } from "./logical-ids";
import { argumentsOf, type Parameters } from "./parameters";
import { inTableOrder } from "./per-org";

/** Properties of {@link withUndeployed}. */
export interface UndeployedProps {
  readonly existing: ExistingOrg;
  /** Objects that have code. */
  readonly known: Manifest;
  /** Values in the organisation's folder. */
  readonly parameters: Parameters;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** An organisation as it will be when its code is deployed. */
export interface CodedOrg extends ExistingOrg {
  /** Keys of the objects that it does not have, or has with other arguments. */
  readonly undeployed: ReadonlySet<string>;
}

/** Adds what was promoted to an organisation and is not deployed yet: its code must stay as it is. */
export function withUndeployed({ existing, known, parameters, schema }: UndeployedProps): CodedOrg {
  const ids = keptIds(existing.objects, known);
  const live = new Map(existing.objects.map((object) => [ids.get(keyOf(object)), object]));
  const objects = new Map(existing.objects.map((object) => [keyOf(object), object]));
  const undeployed = new Set<string>();
  for (const [logicalId, entry] of Object.entries(known)) {
    const found = live.get(logicalId);
    const given = argumentsOfCode(logicalId, entry, parameters, schema);
    // An object that is gone is gone from the code too.
    if (given === undefined || (!found && entry.id !== undefined)) continue;
    if (found && compareArguments(found.arguments, given).differences.length === 0) continue;
    const object: ExistingObject = found
      ? { ...found, arguments: given }
      : { type: entry.type, path: entry.path, arguments: given };
    const taken = found ? undefined : objects.get(keyOf(object));
    if (taken) refuseTaken(existing.name, logicalId, taken, ids.get(keyOf(taken)));
    objects.set(keyOf(object), object);
    undeployed.add(keyOf(object));
  }
  return { ...existing, objects: [...objects.values()], undeployed };
}

/** The code of one would take the place of the other one's, which would then be deleted. */
function refuseTaken(
  org: string,
  logicalId: string,
  { type, path }: ExistingObject,
  owner: string | undefined,
): never {
  throw new UserError(
    `${org}: ${logicalId} in ${MANIFEST} is not deployed yet, and another object has its name meanwhile: ${pathText(path)} (${type}), whose code is ${owner}. Rename that one in ${org}, or take ${logicalId} out with git`,
  );
}

/** Returns the arguments that an object has in the code alone; undefined if the organisation has them. */
function argumentsOfCode(
  logicalId: string,
  { type, arguments: common }: KnownObject,
  parameters: Parameters,
  schema: ProviderSchema,
): Arguments | undefined {
  if (common === undefined) return undefined;
  const place = `${PARAMETERS}: ${logicalId}`;
  const perOrg = argumentsOf(schema, type, parameters[logicalId] ?? {}, place);
  return inTableOrder(type, { ...common, ...perOrg });
}
