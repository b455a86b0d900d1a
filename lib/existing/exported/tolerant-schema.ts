import type {
  AttributeSchema,
  BlockSchema,
  NestedBlockSchema,
  ObjectSchema,
  ProviderSchema,
  TerraformType,
} from "../../rehearsal/double/core/schema";
import type { ExportBlock } from "./export-blocks";

type Schemas = Readonly<Record<string, ObjectSchema>>;

/**
 * Returns the schema of a provider that takes an export of any version: nothing is required, nothing is computed,
 * and arguments that the schema does not have can have any value.
 */
export function tolerantSchema(
  schema: ProviderSchema,
  blocks: readonly ExportBlock[],
): ProviderSchema {
  const schemas = (section: ExportBlock["section"], known: Schemas = {}): Schemas => {
    const found = blocks.filter((block) => block.section === section);
    const types = new Set(found.map(({ labels }) => labels[0] ?? ""));
    return Object.fromEntries(
      [...types].map((type) => {
        const names = namesIn(found.filter(({ labels }) => labels[0] === type));
        return [type, { version: 0, block: tolerant(known[type]?.block ?? {}, names) }];
      }),
    );
  };
  return {
    provider: { block: {} },
    resource_schemas: schemas("resource", schema.resource_schemas),
    data_source_schemas: schemas("data", schema.data_source_schemas),
  };
}

/** What the blocks of a type have: types of arguments by their names, and names of nested blocks. */
interface Names {
  readonly arguments: ReadonlyMap<string, TerraformType>;
  readonly blocks: ReadonlySet<string>;
}

function namesIn(found: readonly ExportBlock[]): Names {
  const names = { arguments: new Map<string, TerraformType>(), blocks: new Set<string>() };
  for (const { body } of found) {
    if (typeof body === "string") {
      for (const [, name = "", start = ""] of body.matchAll(/([A-Za-z_]\w*)\s*=(?![=>])\s*(.)/g)) {
        names.arguments.set(name, typeBy(start));
      }
      for (const [, name = ""] of body.matchAll(/^\s*([A-Za-z_]\w*)\s*\{/gm))
        names.blocks.add(name);
    } else {
      for (const [name, value] of membersIn(body)) {
        if (isObject([value].flat()[0])) names.blocks.add(name);
        else names.arguments.set(name, typeBy(Array.isArray(value) ? "[" : ""));
      }
    }
  }
  for (const name of RESERVED) {
    names.arguments.delete(name);
    names.blocks.delete(name);
  }
  return names;
}

/** Terraform's own arguments and blocks of resources. */
const RESERVED = ["count", "for_each", "provider", "depends_on", "lifecycle", "dynamic"];

/** Nobody looks at the value: it only has to be one of the type. */
const typeBy = (start: string): TerraformType =>
  start === "[" ? ["list", "string"] : start === "{" ? ["map", "string"] : "string";

function* membersIn(value: unknown): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (const each of value) yield* membersIn(each);
  } else if (isObject(value)) {
    for (const [name, each] of Object.entries(value)) {
      if (/^[A-Za-z_]\w*$/.test(name)) yield [name, each];
      yield* membersIn(each);
    }
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function tolerant({ attributes = {}, block_types = {} }: BlockSchema, names: Names): BlockSchema {
  const known = (name: string) => name in attributes || name in block_types;
  const added = [...names.arguments].filter(([name]) => !known(name));
  const unknown: BlockSchema = { attributes: optional([...names.arguments]) };
  const addedBlocks = [...names.blocks].filter(
    (name) => !known(name) && !names.arguments.has(name),
  );
  return {
    attributes: {
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, { required, computed, ...attribute }]) => [
          name,
          { ...attribute, optional: true },
        ]),
      ),
      ...optional(added),
    },
    block_types: {
      ...Object.fromEntries(
        Object.entries(block_types).map(([name, nested]) => [name, tolerantBlock(nested, names)]),
      ),
      ...Object.fromEntries(
        addedBlocks.map((name): [string, NestedBlockSchema] => [
          name,
          { nesting_mode: "list", block: unknown },
        ]),
      ),
    },
  };
}

const optional = (types: readonly (readonly [string, TerraformType])[]) =>
  Object.fromEntries(
    types.map(([name, type]): [string, AttributeSchema] => [name, { type, optional: true }]),
  );

const tolerantBlock = (
  { nesting_mode, max_items, block }: NestedBlockSchema,
  names: Names,
): NestedBlockSchema => ({
  nesting_mode,
  block: tolerant(block, names),
  ...(max_items !== undefined && { max_items }),
});
