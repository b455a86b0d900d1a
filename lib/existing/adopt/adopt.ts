import { UserError } from "../../errors";
import { UUID_PATTERN } from "../../registry/patterns";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import type { ManagedId } from "../../terraform/managed-ids";
import { codeFiles, type OrgCode } from "../code/code-files";
import type { Manifest } from "../code/logical-ids";
import { type ExistingObject, type ExistingOrg, keyOf } from "../model";

/** Properties of {@link adopt}. */
export interface AdoptProps {
  /** Name of the organisation in the registry. */
  readonly org: string;
  readonly existing: ExistingOrg;
  /** Objects that have code of an earlier run. */
  readonly known: Manifest;
  /** Objects in the organisation's states. */
  readonly inStates: readonly ManagedId[];
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** An object that gets no code. */
export interface LeftOut {
  readonly object: ExistingObject;
  readonly reason: string;
}

/** What was taken over. */
export interface Adoption extends OrgCode {
  readonly adopted: readonly ExistingObject[];
  readonly leftOut: readonly LeftOut[];
  /** Objects that had code, and that the organisation has no more: their logical ids. */
  readonly gone: readonly string[];
}

/**
 * Returns the code that takes over what an organisation has. It is the same for the same objects, whatever their
 * order and ids.
 *
 * @throws UserError if code would be lost that is not deployed yet
 */
export function adopt({ org, existing, known, inStates, schema }: AdoptProps): Adoption {
  refuseUndeployed(org, known, existing);
  const addresses = new Map(inStates.map(({ type, id, address }) => [`${type} ${id}`, address]));
  const own = new Map(
    Object.entries(known).map(([logicalId, { type, id }]) => [
      `${type} ${id}`,
      `${type}.${logicalId}`,
    ]),
  );
  const types = new Set(existing.types);
  const leftOut: LeftOut[] = [];
  const adopted: ExistingObject[] = [];
  for (const object of existing.objects) {
    if (!types.has(object.type)) continue;
    const place = `${object.type} ${object.id}`;
    const reason = reasonAgainst(object, addresses.get(place), own.get(place));
    if (reason === undefined) adopted.push(object);
    else leftOut.push({ object, reason });
  }
  const keys = new Set(adopted.map(keyOf));
  const others = existing.objects.filter((object) => !keys.has(keyOf(object)));
  const code = codeFiles({ org, managed: adopted, others, known, schema });
  const gone = Object.keys(known).filter((logicalId) => !(logicalId in code.manifest));
  return { ...code, adopted, leftOut, gone };
}

const UUID = new RegExp(UUID_PATTERN);

function reasonAgainst(
  { id = "", unmanaged }: ExistingObject,
  address: string | undefined,
  own: string | undefined,
): string | undefined {
  if (unmanaged !== undefined) return unmanaged;
  if (!UUID.test(id)) return `its id ${JSON.stringify(id)} is not a UUID`;
  return address === undefined || address === own ? undefined : `in Terraform already: ${address}`;
}

/** Code of an object that was promoted would be lost until the object exists. */
function refuseUndeployed(org: string, known: Manifest, existing: ExistingOrg): void {
  const keys = new Set(existing.objects.map(keyOf));
  const missing = Object.entries(known).filter(
    ([, { id, type, path }]) =>
      id === undefined && existing.types.includes(type) && !keys.has(keyOf({ type, path })),
  );
  if (missing.length === 0) return;
  const names = missing.map(([logicalId]) => logicalId);
  throw new UserError(
    `${org}: the code has objects that do not exist yet: ${names.join(", ")}. Deploy ${org} before you adopt again`,
  );
}
