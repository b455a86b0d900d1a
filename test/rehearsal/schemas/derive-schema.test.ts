import { dirname, join } from "node:path";
import { loadSchemas } from "../../../lib/rehearsal";
import type {
  BlockSchema,
  ObjectSchema,
  TerraformType,
} from "../../../lib/rehearsal/double/core/schema";
import { deriveSchema } from "../../../lib/rehearsal/schemas/derive-schema";
import { buildPackage } from "../../support/built-command";
import { ROOT } from "../../support/synthesized-app";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud");
const folderOf = (type: string) => type.replace("genesyscloud_", "").replaceAll("_", "-");
const rows = (schemas: Readonly<Record<string, ObjectSchema>> = {}, prefix = "") =>
  Object.entries(schemas).map(([type, { block }]) => [prefix + folderOf(type), block] as const);

/** A list of objects that may be set is shown like a block. */
function objectIn(type: TerraformType | undefined) {
  const element = Array.isArray(type) ? type[1] : undefined;
  return Array.isArray(element) && element[0] === "object" ? element[1] : undefined;
}

interface Shown {
  readonly attributes?: Readonly<Record<string, object>>;
  readonly block_types?: Readonly<Record<string, object>>;
}

/** The part of a schema that bindings show. */
function shown({ attributes = {}, block_types = {} }: BlockSchema): Shown {
  const plain: Record<string, object> = {};
  const blocks: Record<string, object> = {};
  for (const [name, { type, required, optional }] of Object.entries(attributes)) {
    const members = optional ? objectIn(type) : undefined;
    if (members) {
      const inside = Object.entries(members).map(([key, each]) => [key, { type: each, optional }]);
      const block = shown({ attributes: Object.fromEntries(inside) });
      blocks[name] = { nesting_mode: type?.[0], block };
    } else {
      const flag = required ? "required" : optional ? "optional" : "computed";
      plain[name] = { type, [flag]: true };
    }
  }
  for (const [name, { nesting_mode, max_items, min_items, block }] of Object.entries(block_types)) {
    blocks[name] = {
      nesting_mode,
      ...(max_items === 1 ? { max_items } : {}),
      ...(min_items ? { min_items: 1 } : {}),
      block: shown(block),
    };
  }
  return {
    ...(Object.keys(plain).length > 0 ? { attributes: plain } : {}),
    ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}),
  };
}

beforeAll(buildPackage, 300_000);

test("the schema of every Genesys Cloud type can be derived from its bindings, as far as they show it", () => {
  const types = [
    ...rows(schema?.resource_schemas),
    ...rows(schema?.data_source_schemas, "data-genesyscloud-"),
  ];
  expect(types.length).toBeGreaterThan(250);
  for (const [folder, block] of types) {
    const derived = deriveSchema(join(ROOT, "genesyscloud", folder)).block;
    // Its blocks are so deep that the generator makes one recursive struct of them.
    if (folder === "knowledge-document-variation") {
      expect(derived.attributes).toEqual(shown(block).attributes);
    } else expect([folder, derived]).toEqual([folder, shown(block)]);
  }
});

test.each([
  "wafv2-web-acl-association", // a config interface with another name
  "wafv2-web-acl", // very deep blocks
  "batch-job-definition",
  "bedrockagent-agent-action-group", // nested attributes
  "data-aws-instance", // computed blocks
  "provider",
])("the schema of %s of the aws provider can be derived", (folder) => {
  const lib = join(dirname(require.resolve("@cdktf/provider-aws/package.json")), "lib");
  expect(Object.keys(deriveSchema(join(lib, folder)).block.attributes ?? {})).not.toEqual([]);
});
