import { isList, isObject, type ObjectValue, type Value } from "./value";

/** A type as `terraform providers schema -json` writes it. */
export type TerraformType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", TerraformType]
  | readonly ["tuple", readonly TerraformType[]]
  | readonly ["object", Readonly<Record<string, TerraformType>>, (readonly string[])?];

/** Whether a nested block or object occurs once or several times, and how its elements are kept. */
export type Nesting = "single" | "list" | "set" | "map" | "group";

/** One attribute of a block. */
export interface AttributeSchema {
  readonly type?: TerraformType;
  readonly nested_type?: {
    readonly attributes: Readonly<Record<string, AttributeSchema>>;
    readonly nesting_mode: Nesting;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  readonly write_only?: boolean;
}

/** A block with its attributes and nested blocks. */
export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlockSchema>>;
}

/** A block inside another one. */
export interface NestedBlockSchema {
  readonly nesting_mode: Nesting;
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** A resource, data source, ephemeral resource or provider configuration. */
export interface ObjectSchema {
  readonly version?: number;
  readonly block: BlockSchema;
}

/** Everything one provider offers. */
export interface ProviderSchema {
  readonly provider?: ObjectSchema;
  readonly resource_schemas?: Readonly<Record<string, ObjectSchema>>;
  readonly data_source_schemas?: Readonly<Record<string, ObjectSchema>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, ObjectSchema>>;
}

/** Kinds of schemas that a provider has. */
export type Kind = "provider" | "resource" | "data" | "ephemeral";

/** Returns the schema of one type. Undefined if the provider does not have it. */
export function schemaOf(
  provider: ProviderSchema,
  kind: Kind,
  type: string,
): ObjectSchema | undefined {
  switch (kind) {
    case "provider":
      return provider.provider;
    case "resource":
      return provider.resource_schemas?.[type];
    case "data":
      return provider.data_source_schemas?.[type];
    case "ephemeral":
      return provider.ephemeral_resource_schemas?.[type];
  }
}

/**
 * Calls `visit` for the value and every block nested in it. Attributes with a nested type count as
 * blocks.
 * @param path Path of the block in the schema: names joined by dots, empty for the outermost block.
 */
export function eachBlock(
  block: BlockSchema,
  value: Value | undefined,
  visit: (block: BlockSchema, value: ObjectValue, path: string) => void,
  path = "",
): void {
  if (!isObject(value)) return;
  visit(block, value, path);
  for (const [name, nested, nesting] of nestedBlocks(block)) {
    for (const child of elements(nesting, value[name])) {
      eachBlock(nested, child, visit, join(path, name));
    }
  }
}

/** Returns the path of a member of the block at `path`. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Yields the blocks and the nested attributes of a block, with their nesting. */
export function* nestedBlocks(block: BlockSchema): Generator<[string, BlockSchema, Nesting]> {
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    yield [name, nested.block, nested.nesting_mode];
  }
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const nested = attribute.nested_type;
    if (nested) yield [name, { attributes: nested.attributes }, nested.nesting_mode];
  }
}

function elements(nesting: Nesting, value: Value | undefined): readonly Value[] {
  if (nesting === "list" || nesting === "set") return isList(value) ? value : [];
  if (nesting === "map") return isObject(value) ? Object.values(value) : [];
  return value === undefined ? [] : [value];
}

/** Returns the values at a schema path: several if a block on the way occurs several times. */
export function valuesAt(value: Value | undefined, path: string): Value[] {
  let found: Value[] = value === undefined ? [] : [value];
  for (const name of path.split(".")) {
    const next: Value[] = [];
    for (const item of found.flatMap((each): readonly Value[] => (isList(each) ? each : [each]))) {
      const member = isObject(item) ? item[name] : undefined;
      if (member !== undefined) next.push(member);
    }
    found = next;
  }
  return found;
}
