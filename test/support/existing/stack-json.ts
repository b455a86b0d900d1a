import {
  type ExistingObject,
  type ExistingOrg,
  isDangling,
  isReference,
  keyOf,
  targetOf,
  type Value,
} from "../../../lib/existing/model";
import type { BlocksByType, StackJson } from "../../../lib/terraform/stack-folder";

/**
 * Returns the Terraform JSON that describes what Terraform can manage of an organisation, as the constructs write
 * it; elements of lists that are sets have another order.
 */
export function stackJsonOf({ objects, types }: ExistingOrg): StackJson {
  const names = new Map(objects.map((object, index) => [keyOf(object), `o${index}`]));
  const isManaged = ({ type, unmanaged }: ExistingObject) =>
    unmanaged === undefined && types.includes(type);
  const managed = new Set(objects.filter(isManaged).map(keyOf));
  const resource: Record<string, Record<string, object>> = {};
  const data: Record<string, Record<string, object>> = {};

  const json = (value: Value): unknown => {
    if (typeof value === "string") return value.replace(/([$%])\{/g, "$1$1{");
    if (typeof value !== "object") return value;
    if (isDangling(value)) return value.id;
    if (isReference(value)) {
      const name = names.get(targetOf(value));
      if (managed.has(targetOf(value))) return `\${${value.$ref}.${name}.id}`;
      const isHome = value.path[0] === "(home division)";
      const type = isHome ? "genesyscloud_auth_division_home" : value.$ref;
      const argument = value.$ref === "genesyscloud_user" ? "email" : "name";
      data[type] = {
        ...data[type],
        [`${name}`]: isHome ? {} : { [argument]: json(value.path.at(-1) ?? "") },
      };
      return `\${data.${type}.${name}.id}`;
    }
    if (Array.isArray(value)) return value.map(json);
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, json(each as Value)]),
    );
  };

  for (const object of objects.filter(isManaged)) {
    resource[object.type] = {
      ...resource[object.type],
      [`${names.get(keyOf(object))}`]: json(object.arguments) as object,
    };
  }
  return { resource: resource as BlocksByType, data: data as BlocksByType };
}
