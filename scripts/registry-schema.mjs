// The published JSON Schema of the registry: the rules of lib/registry/entry-schemas.ts, with the
// comments of lib/registry/model.ts as descriptions, defaults and examples.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const require = createRequire(import.meta.url);

/** Writes the schema of the library in dist/. */
export function writeRegistrySchema(root, file) {
  const { registryJsonSchema } = require(join(root, "dist/lib/registry/json-schema.js"));
  const schema = registryJsonSchema();
  addComments(schema, join(root, "lib/registry/model.ts"));
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}

/**
 * Adds the comments of the entries' types to a schema.
 *
 * @param schema what registryJsonSchema() returns: an org, a list of homes or consumers, or all in one file
 * @param file path of model.ts
 */
function addComments(schema, file) {
  const program = ts.createProgram([file], { strict: true, types: [] });
  const checker = program.getTypeChecker();
  const types = checker.getSymbolAtLocation(program.getSourceFile(file)).exports;
  const typeNamed = (name) => checker.getDeclaredTypeOfSymbol(types.get(name));
  const [org, homes, all, consumers] = schema.anyOf;
  for (const node of [org, all.properties.orgs.items]) comment(node, typeNamed("OrgEntry"));
  for (const node of [homes.items, all.properties.homes.items]) {
    comment(node, typeNamed("StateHomeEntry"));
  }
  for (const node of [consumers.items, all.properties.consumers.items]) {
    comment(node, typeNamed("ConsumerEntry"));
  }

  /** Goes through a schema and the type that it is of. */
  function comment(node, typeOrUndefined) {
    const type = checker.getNonNullableType(typeOrUndefined);
    if (node.items) comment(node.items, checker.getIndexTypeOfType(type, ts.IndexKind.Number));
    for (const variant of node.oneOf ?? []) comment(variant, variantOf(variant, type));
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const symbol = type.getProperty(name);
      Object.assign(property, commentOf(symbol));
      comment(property, checker.getTypeOfSymbol(symbol));
    }
  }

  /** The member of a union that a schema is of: both have the same properties and literals. */
  function variantOf({ properties }, union) {
    const literalsOf = (type) => (type.isUnion() ? type.types : [type]).map(({ value }) => value);
    return union.types.find((type) =>
      Object.entries(properties).every(([name, { const: literal, enum: [first] = [literal] }]) => {
        const symbol = type.getProperty(name);
        if (!symbol || first === undefined) return symbol !== undefined;
        return literalsOf(checker.getTypeOfSymbol(symbol)).includes(first);
      }),
    );
  }

  function commentOf(symbol) {
    const text = oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
    const tags = symbol.getJsDocTags(checker);
    const textsOf = (wanted) =>
      tags
        .filter(({ name }) => name === wanted)
        .map((tag) => oneLine(ts.displayPartsToString(tag.text)));
    const [preset] = textsOf("default");
    const examples = textsOf("example").map((example) => JSON.parse(example));
    // A default in words begins with a hyphen.
    const inWords = preset?.startsWith("- ") ? ` Default: ${preset.slice(2)}.` : "";
    return {
      description: text + inWords,
      ...(preset !== undefined && !inWords && { default: JSON.parse(preset) }),
      ...(examples.length > 0 && { examples }),
    };
  }
}

const oneLine = (text) => text.replace(/\s+/g, " ").trim();
