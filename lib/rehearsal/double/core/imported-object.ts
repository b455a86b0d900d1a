import { type BlockSchema, nestedBlocks } from "./schema";
import { isList, isObject, type ObjectValue, type Value } from "./value";

/**
 * Returns the arguments of a resource in Terraform JSON whose values are written there. An expression is
 * not evaluated: its argument is null.
 */
export function literalsOf(block: BlockSchema, body: Value | undefined): ObjectValue {
  const source = isObject(body) ? body : {};
  const result: ObjectValue = {};
  for (const name of Object.keys(block.attributes ?? {})) {
    result[name] = hasExpression(source[name]) ? null : (source[name] ?? null);
  }
  for (const [name, nested, nesting] of nestedBlocks(block)) {
    const value = source[name];
    if (nesting === "map") continue;
    // Terraform JSON has a single block with or without a list around it.
    const blocks = elements(value).map((item) => literalsOf(nested, item));
    result[name] = nesting === "list" || nesting === "set" ? blocks : (blocks[0] ?? null);
  }
  return result;
}

function elements(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

function hasExpression(value: Value | undefined): boolean {
  if (typeof value === "string") return /[$%]\{/.test(value);
  if (isList(value)) return value.some(hasExpression);
  return isObject(value) && Object.values(value).some(hasExpression);
}
