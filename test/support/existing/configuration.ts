import {
  type BlockSchema,
  join,
  type NestedBlockSchema,
} from "../../../lib/rehearsal/double/core/schema";
import {
  isList,
  isObject,
  mapValues,
  type ObjectValue,
  type Value,
} from "../../../lib/rehearsal/double/core/value";
import { knownRulesOf } from "../../../lib/rehearsal/known-rules";
import { blockOf } from "./provider-reading/attributes";

/** Everything that a resource can be configured with so that it is as its state says, as Terraform JSON. */
export function configurationOf(type: string, state: ObjectValue): ObjectValue {
  return ofBlock(blockOf(type), state, knownRulesOf(type)?.defaults ?? {}, "");
}

type Defaults = Readonly<Record<string, unknown>>;

function ofBlock(block: BlockSchema, state: ObjectValue, defaults: Defaults, path: string) {
  const result: ObjectValue = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const value = state[name] ?? null;
    if (name === "id" || !(attribute.optional || attribute.required)) continue;
    // The provider refuses some empty values, and takes a missing one for the same. But for a missing list
    // that it computes as well, it takes whatever the object has.
    const isNeeded =
      attribute.required ||
      defaults[join(path, name)] !== undefined ||
      (attribute.computed && isList(value));
    if (value === null || (!isNeeded && isZero(value))) continue;
    result[name] = isList(value) ? value.map(withoutEmptyTexts).map(escaped) : escaped(value);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const blocks = ofBlocks(nested, state[name] ?? [], defaults, join(path, name));
    if (blocks.length > 0) result[name] = blocks;
  }
  return result;
}

const ofBlocks = (
  { block }: NestedBlockSchema,
  value: Value,
  defaults: Defaults,
  path: string,
): ObjectValue[] =>
  isList(value) ? value.filter(isObject).map((each) => ofBlock(block, each, defaults, path)) : [];

const isZero = (value: Value): boolean =>
  value === "" || value === 0 || value === false || (isList(value) && value.length === 0);

/** An object in a list, which has all members; those that are empty texts are null. */
function withoutEmptyTexts(value: Value): Value {
  if (isList(value)) return value.map(withoutEmptyTexts);
  if (!isObject(value)) return value;
  return mapValues(value, (each) => (each === "" ? null : withoutEmptyTexts(each)));
}

/** Text that Terraform does not take for an expression. */
function escaped(value: Value): Value {
  if (typeof value === "string") return value.replace(/[$%](?=\{)/g, "$&$&");
  if (isList(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return mapValues(value, escaped);
}
