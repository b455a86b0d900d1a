import { loadSchemas } from "../../../../lib/rehearsal";
import {
  type BlockSchema,
  nestedBlocks,
  schemaOf,
  type TerraformType,
} from "../../../../lib/rehearsal/double/core/schema";
import {
  isList,
  isObject,
  type ObjectValue,
  type Value,
} from "../../../../lib/rehearsal/double/core/value";

const provider = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud");

/** The schema of a resource type, as the real provider 1.82.0 has it. */
export function blockOf(type: string): BlockSchema {
  const schema = provider && schemaOf(provider, "resource", type);
  if (!schema) throw new Error(`the provider has no resource type ${type}`);
  return schema.block;
}

/**
 * The state of a resource after a Read of the older plugin SDK has set these attributes. Seen in a run
 * of its version 2.40.0: an attribute that is set to nil becomes empty, zero or false; so do those that
 * an element of a block leaves out; only an attribute that is never set stays null.
 *
 * @param read undefined and null are nil. An attribute that is not in it is never set.
 */
export function stateOf(block: BlockSchema, read: Readonly<Record<string, unknown>>): ObjectValue {
  const state: ObjectValue = {};
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    state[name] = name in read ? completed(type, read[name] as Value) : null;
  }
  for (const [name, nested] of nestedBlocks(block)) {
    state[name] = elements(read[name]).map((each) => elementOf(nested, each));
  }
  const unknown = Object.keys(read).find((name) => !(name in state));
  if (unknown !== undefined) throw new Error(`the provider has no attribute ${unknown}`);
  return state;
}

function elementOf(block: BlockSchema, read: ObjectValue): ObjectValue {
  const names = [...Object.keys(block.attributes ?? {}), ...Object.keys(block.block_types ?? {})];
  const all = Object.fromEntries(names.map((name) => [name, read[name] ?? null]));
  return stateOf(block, { ...all, ...read });
}

function completed(type: TerraformType | undefined, value: Value | undefined): Value {
  if (type === "string") return value ?? "";
  if (type === "number") return value ?? 0;
  if (type === "bool") return value ?? false;
  if (type === undefined || type === "dynamic") return value ?? null;
  switch (type[0]) {
    case "list":
    case "set":
      return isList(value) ? value.map((each) => completed(type[1], each)) : [];
    case "map":
      return value ?? {};
    case "tuple":
      return value ?? [];
    case "object": {
      const members: ObjectValue = isObject(value) ? value : {};
      const unknown = Object.keys(members).find((name) => !(name in type[1]));
      if (unknown !== undefined) throw new Error(`the provider has no attribute ${unknown}`);
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, item]) => [name, completed(item, members[name])]),
      );
    }
  }
}

const elements = (value: unknown): ObjectValue[] =>
  isList(value as Value) ? (value as ObjectValue[]) : [];
