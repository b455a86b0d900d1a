import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NeededApi, TypedValue } from "../../../lib/genesys/compare-api";

export const NEEDED: NeededApi = JSON.parse(
  readFileSync(join(__dirname, "../../../schemas/platform-api.json"), "utf8"),
);

type Part = Record<string, unknown>;

/** A description of an API, as Genesys Cloud publishes it (Swagger 2.0). */
export interface Swagger {
  swagger: string;
  basePath: string;
  paths: Record<string, Record<string, Part>>;
  definitions: Record<string, Model>;
}

interface Model {
  type?: "object";
  required?: string[];
  properties: Record<string, Part>;
}

/** Returns the description of an API that has all that is needed, and more. */
export function swaggerWith(needed: NeededApi = NEEDED): Swagger {
  const swagger: Swagger = { swagger: "2.0", basePath: "/", paths: {}, definitions: {} };
  const add = (method: string, path: string, operation: Part) => {
    const item = swagger.paths[path] ?? {};
    swagger.paths[path] = item;
    item[method.toLowerCase()] ??= operation;
  };
  const schemaOf = (value: TypedValue & { model?: string }): Part => {
    if (value.type === "array")
      return { type: "array", items: schemaOf(value.items as TypedValue) };
    if (value.type === "map") return { type: "object", additionalProperties: { type: "string" } };
    if (value.type !== "object") {
      return {
        type: value.type === "number" ? "integer" : value.type,
        ...(value.values && { enum: [...value.values, "another"] }),
      };
    }
    const { model = "Model", fields = {}, required = [] } = value;
    const known: Model = swagger.definitions[model] ?? { type: "object", properties: {} };
    swagger.definitions[model] = known;
    if (required.length > 0) known.required = [...required];
    known.properties.selfUri = { type: "string", readOnly: true };
    for (const [name, field] of Object.entries(fields)) {
      const schema = schemaOf(field);
      // A request and an answer share a model.
      if (!known.properties[name] || "enum" in schema) known.properties[name] = schema;
    }
    return { $ref: `#/definitions/${model}` };
  };
  for (const { method, path, query = {}, sends, reads } of needed.operations) {
    const parameters: Part[] = [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ in: "path", name, required: true })),
      ...Object.entries(query).map(([name, value]) => ({ in: "query", name, ...schemaOf(value) })),
      { in: "query", name: "expand", type: "array" },
      ...(sends ? [{ in: "body", name: "body", required: true, schema: schemaOf(sends) }] : []),
    ];
    const answer = { description: "ok", ...(reads && { schema: schemaOf(reads) }) };
    add(method, path, { parameters, responses: { 200: answer, 400: { description: "bad" } } });
  }
  for (const operation of Object.values(needed.provider).flat()) {
    const [method = "", path = ""] = operation.split(" ");
    add(method, path, { responses: {} });
  }
  return swagger;
}
