import { wildcardPattern } from "../../registry/wildcards";
import { type ExistingObject, pathText } from "../model";

/** Which objects to promote, if they differ. */
export interface Choice {
  /** Terraform types. */
  readonly types: readonly string[];
  /**
   * Names of the objects, in which `*` stands for any text.
   * @default - all objects of the types
   */
  readonly names?: readonly string[];
}

/** Whether an object is of the chosen types, and has one of the names. */
export const isChosen = ({ types, names = [] }: Choice, object: ExistingObject): boolean =>
  types.includes(object.type) &&
  (names.length === 0 || names.some((name) => hasName(object, name)));

/** Whether an object has a name, alone or below the names of its parents. */
export function hasName({ path }: ExistingObject, name: string): boolean {
  const pattern = wildcardPattern(name);
  return pattern.test(pathText(path)) || pattern.test(path.at(-1) ?? "");
}
