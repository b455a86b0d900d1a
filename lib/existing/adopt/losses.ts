import type { ManagedId } from "../../terraform/managed-ids";
import type { Manifest } from "../code/logical-ids";
import { pathText } from "../model";
import { KNOWN_TYPES } from "../types";
import type { Adoption } from "./adopt";

/** Properties of {@link lossesOf}. */
export interface LossesProps extends Pick<Adoption, "gone" | "leftOut"> {
  /** Objects that had code before. */
  readonly known: Manifest;
  /** Objects in the organisation's states. */
  readonly inStates: readonly ManagedId[];
}

/** An object that Terraform would delete, since it has no code any more. */
export interface Loss {
  readonly address: string;
  /** The object's name, below the names of its parents. */
  readonly name: string;
  readonly reason: string;
}

/**
 * Returns the deployed objects that lose their code. Terraform would delete those that still exist, and whether they
 * do cannot be known: a list does not have what its reader may not view.
 */
export function lossesOf({ gone, known, inStates, leftOut }: LossesProps): Loss[] {
  const deployed = new Map(inStates.map(({ address, id }) => [address, id]));
  return gone.flatMap((logicalId): Loss[] => {
    const { type = "", path = [] } = known[logicalId] ?? {};
    const address = `${type}.${logicalId}`;
    const id = deployed.get(address);
    if (id === undefined) return [];
    const left = leftOut.find(({ object }) => object.type === type && object.id === id);
    const reason = KNOWN_TYPES.get(type)?.mapping
      ? (left?.reason ?? "the planner does not see it")
      : "this release does not know the type";
    return [{ address, name: pathText(path), reason }];
  });
}
