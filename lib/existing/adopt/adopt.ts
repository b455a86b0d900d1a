import type { Environment } from "../../registry/model";
import { UUID_PATTERN } from "../../registry/patterns";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import type { ManagedId } from "../../terraform/managed-ids";
import { codeFiles, type OrgCode } from "../code/code-files";
import { logicalIds, type Manifest } from "../code/logical-ids";
import type { Parameters } from "../code/parameters";
import { withUndeployed } from "../code/undeployed";
import { type ExistingObject, type ExistingOrg, keyOf } from "../model";

/** Properties of {@link adopt}. */
export interface AdoptProps {
  /** Name of the organisation in the registry. */
  readonly org: string;
  readonly existing: ExistingOrg;
  /** Objects that have code of an earlier run. */
  readonly known: Manifest;
  /** Values that its folder has. @default - none */
  readonly parameters?: Parameters;
  /** Objects in the organisation's states. */
  readonly inStates: readonly ManagedId[];
  /** @default - the names of OAuth clients may have any */
  readonly environment?: Environment;
  /**
   * Addresses in the organisation's own state from which the code may take objects over.
   * @default - only those from which code of an earlier run does
   */
  readonly movable?: ReadonlySet<string>;
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
 * order and ids. What was promoted and is not deployed yet keeps its code.
 */
export function adopt(props: AdoptProps): Adoption {
  const { org, existing, known, parameters = {}, inStates, environment, schema } = props;
  const { movable = new Set() } = props;
  const { objects, undeployed } = withUndeployed({ existing, known, parameters, schema });
  const addresses = new Map(inStates.map(({ type, id, address }) => [`${type} ${id}`, address]));
  // An object at the address that its code would have is ours, also if the folder with the code was lost.
  const ids = logicalIds(objects, known);
  const before = new Set(Object.values(known).map(({ movedFrom }) => movedFrom));
  const types = new Set(existing.types);
  const leftOut: LeftOut[] = [];
  const adopted: ExistingObject[] = [];
  for (const object of objects) {
    if (!types.has(object.type)) continue;
    const own = `${object.type}.${ids.get(keyOf(object))}`;
    const address = addresses.get(`${object.type} ${object.id}`);
    const isMoved =
      address !== undefined && address !== own && (movable.has(address) || before.has(address));
    const reason = reasonAgainst(object, isMoved ? undefined : address, own);
    if (reason !== undefined) leftOut.push({ object, reason });
    else adopted.push(isMoved ? { ...object, movedFrom: address } : object);
  }
  const keys = new Set(adopted.map(keyOf));
  const others = objects.filter((object) => !keys.has(keyOf(object)));
  const code = codeFiles({
    org,
    managed: adopted,
    others,
    known,
    undeployed,
    environment,
    schema,
  });
  const gone = Object.keys(known).filter((logicalId) => !(logicalId in code.manifest));
  return { ...code, adopted, leftOut, gone };
}

const UUID = new RegExp(UUID_PATTERN);

/** Returns why an object gets no code; undefined if it can. */
export function reasonAgainst(
  { id, unmanaged }: ExistingObject,
  address: string | undefined,
  own: string,
): string | undefined {
  if (unmanaged !== undefined) return unmanaged;
  if (id !== undefined && !UUID.test(id)) return `its id ${JSON.stringify(id)} is not a UUID`;
  return address === undefined || address === own ? undefined : `in Terraform already: ${address}`;
}
