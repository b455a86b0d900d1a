// Makes the aws schema without a download: names, types and nesting from the installed
// `@cdktf/provider-aws`, the rest from schemas/aws.corrections.json. Run as `npm run schemas -- aws --derive`.
//
// Every class of the bindings has a table (`synthesizeHclAttributes`, for blocks `…ToHclTerraform`) with
// each argument's Terraform name, its type, and whether it is a block. An attribute that is only computed
// has a getter with a comment. A required argument has no `?` in the .d.ts. The bindings do not show:
// optional and computed at once, sensitive, write-only, deprecated, limits of blocks above 1, and schema
// versions other than 0.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const PACKAGE = "@cdktf/provider-aws";
const SIMPLE = { string: "string", number: "number", boolean: "bool" };
const ENTRY =
  /^ +(\w+): \{\n +value: (.*),\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)"/gm;
const COMPUTED =
  /^ +\/\/ (\w+) - computed: true, optional: false, required: false\n +get (\w+)\(\) \{\n +return (.*);/gm;
const GETTER = /^this\.get(String|Number|Boolean)(Map)?Attribute\('(\w+)'\)$/;

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Returns the text from `start` to the brace that closes it in column `indent`. */
function section(text, start, indent = "") {
  const from = text.indexOf(start);
  if (from < 0) throw new Error(`the bindings have no "${start}"`);
  return text.slice(from, text.indexOf(`\n${indent}}`, from));
}

function attributeType(name, kind, storage) {
  const [, element, many] = /^(string|number|boolean)(List|Map)?$/.exec(storage) ?? [];
  if (!element) throw new Error(`cannot read the type of ${name}: ${kind} ${storage}`);
  return many ? [kind, SIMPLE[element]] : SIMPLE[element];
}

/**
 * Reads one block.
 * @param table its arguments
 * @param config the .d.ts interface, which says which arguments are required
 * @param classText the getters of attributes that are only computed
 */
function block(file, table, config, classText) {
  const attributes = {};
  const block_types = {};
  for (const [, name, value, isBlock, kind, storage] of table.matchAll(ENTRY)) {
    if (isBlock === "false") {
      const required = config.includes(`readonly ${camel(name)}:`);
      attributes[name] = {
        type: attributeType(name, kind, storage),
        [required ? "required" : "optional"]: true,
      };
      continue;
    }
    const [, mapper] = /\b(\w+)ToHclTerraform\b/.exec(value);
    const struct = mapper[0].toUpperCase() + mapper.slice(1);
    const many = value.includes("listMapperHcl(");
    // The blocks of a provider have no such class, and no computed attributes.
    const reference = `class ${struct}OutputReference `;
    block_types[name] = {
      nesting_mode: kind === "struct" ? "single" : kind,
      ...(many || kind === "struct" ? {} : { max_items: 1 }),
      ...(config.includes(`readonly ${camel(name)}:`) ? { min_items: 1 } : {}),
      block: block(
        file,
        section(file.js, `function ${mapper}ToHclTerraform(`),
        section(file.dts, `interface ${struct} {`),
        file.js.includes(reference) ? section(file.js, reference) : "",
      ),
    };
  }
  Object.assign(attributes, computedOnly(classText));
  const found = { attributes, block_types };
  // Terraform does not print empty parts either.
  return Object.fromEntries(Object.entries(found).filter(([, part]) => Object.keys(part).length));
}

function computedOnly(classText) {
  const found = {};
  for (const [, comment, , code] of classText.matchAll(COMPUTED)) {
    const [, type, map, name] = GETTER.exec(code) ?? [];
    if (!name) throw new Error(`cannot read the type of ${comment}: ${code}`);
    const simple = SIMPLE[type.toLowerCase()];
    found[name] = { type: map ? ["map", simple] : simple, computed: true };
  }
  return found;
}

function schemaOf(folder) {
  const path = require.resolve(`${PACKAGE}/lib/${folder}/index.js`);
  const file = {
    js: readFileSync(path, "utf8"),
    dts: readFileSync(path.replace(/js$/, "d.ts"), "utf8"),
  };
  const [head, name] = /class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) /.exec(
    file.js,
  );
  const body = section(file.js, head);
  const table = section(body, "synthesizeHclAttributes() {", "    ");
  const config = section(file.dts, `interface ${name}Config `);
  return { version: 0, block: block(file, table, config, body) };
}

/** Finds an attribute or a block by its path, for example `replica.kms_key_id`. */
function find(schema, path) {
  const names = path.split(".");
  const last = names.pop();
  const parent = names.reduce((at, name) => at?.block_types?.[name]?.block, schema.block);
  return parent?.attributes?.[last] ?? parent?.block_types?.[last];
}

const FLAGS = {
  optionalComputed: { optional: true, computed: true },
  sensitive: { sensitive: true },
  writeOnly: { write_only: true },
  deprecated: { deprecated: true },
};

function correct(schema, corrections, label) {
  schema.version = corrections?.version ?? schema.version;
  for (const [kind, flags] of Object.entries(FLAGS)) {
    for (const path of corrections?.[kind] ?? []) {
      const target = find(schema, path);
      if (!target) throw new Error(`aws.corrections.json: ${label} has no ${path}`);
      // The flags of a block are inside of it.
      Object.assign(target.block ?? target, flags);
    }
  }
  for (const [path, max_items] of Object.entries(corrections?.maxItems ?? {})) {
    const target = find(schema, path);
    if (!target?.nesting_mode)
      throw new Error(`aws.corrections.json: ${label} has no block ${path}`);
    target.max_items = max_items;
  }
}

/** Returns the wanted parts of what `terraform providers schema -json` prints for the provider. */
export function deriveAws(wanted) {
  const corrections = JSON.parse(
    readFileSync(new URL("../schemas/aws.corrections.json", import.meta.url), "utf8"),
  );
  const each = (names, prefix, known) =>
    Object.fromEntries(
      names.map((name) => {
        const schema = schemaOf(prefix + name.replace(/^aws_/, "").replaceAll("_", "-"));
        // Some types have an id that is only computed.
        const everywhere = corrections.everywhere.optionalComputed.filter(
          (path) => find(schema, path)?.optional,
        );
        correct(schema, { optionalComputed: everywhere }, name);
        correct(schema, known[name], name);
        return [name, schema];
      }),
    );
  const provider = schemaOf("provider");
  delete provider.block.attributes.alias; // an argument of Terraform, not of the provider
  const bindings = require(`${PACKAGE}/package.json`);
  return {
    schema: {
      provider,
      resource_schemas: each(wanted.resources, "", corrections.resources),
      data_source_schemas: each(wanted.dataSources, "data-aws-", corrections.dataSources),
    },
    how: `Read from ${PACKAGE} ${bindings.version} (made from aws ${bindings.cdktf.provider.version}) and corrected by aws.corrections.json; not printed by the provider. ${corrections.checked}`,
  };
}
