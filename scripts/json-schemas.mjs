// The published JSON Schemas: that of the registry has the rules of lib/registry/entry-schemas.ts, that of
// report.json those of lib/cli/runs/report-schema.ts. The comments of the types become descriptions,
// defaults and examples.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const require = createRequire(import.meta.url);

/** Writes the schemas of the library into its dist/. */
export function writeJsonSchemas(root) {
  const dist = join(root, "dist");
  const { registryJsonSchema } = require(join(dist, "lib/registry/json-schema.js"));
  const { runReportJsonSchema } = require(join(dist, "lib/cli/runs/report-schema.js"));
  const [model, report] = ["registry/model.ts", "cli/runs/run-report.ts"].map((file) =>
    join(root, "lib", file),
  );
  const { typeNamed, comment } = commentsOf([model, report]);

  const registry = registryJsonSchema();
  const [org, homes, all, consumers] = registry.anyOf;
  for (const node of [org, all.properties.orgs.items]) comment(node, typeNamed(model, "OrgEntry"));
  for (const node of [homes.items, all.properties.homes.items]) {
    comment(node, typeNamed(model, "StateHomeEntry"));
  }
  for (const node of [consumers.items, all.properties.consumers.items]) {
    comment(node, typeNamed(model, "ConsumerEntry"));
  }
  write(join(dist, "registry.schema.json"), registry);

  const runReport = runReportJsonSchema();
  comment(runReport, typeNamed(report, "RunReport"));
  write(join(dist, "run-report.schema.json"), runReport);
}

const write = (file, schema) => writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);

/** Reads TypeScript files, and returns functions that add the comments of their types to schemas. */
function commentsOf(files) {
  const program = ts.createProgram(files, { strict: true, types: [] });
  const checker = program.getTypeChecker();
  return { typeNamed, comment };

  function typeNamed(file, name) {
    const { exports } = checker.getSymbolAtLocation(program.getSourceFile(file));
    return checker.getDeclaredTypeOfSymbol(exports.get(name));
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
