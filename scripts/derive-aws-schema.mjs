// Makes the aws schema without a download: names, types and nesting from the installed
// `@cdktf/provider-aws` (lib/rehearsal/schemas/derive-schema.ts, compiled), the rest from
// schemas/aws.corrections.json. Run as `npm run schemas -- aws --derive`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { deriveSchema } from "../dist/lib/rehearsal/schemas/derive-schema.js";

const require = createRequire(import.meta.url);
const PACKAGE = "@cdktf/provider-aws";

const schemaOf = (folder) =>
  deriveSchema(dirname(require.resolve(`${PACKAGE}/lib/${folder}/index.js`)));

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
      // The bindings have none.
      ephemeral_resource_schemas: Object.fromEntries(
        wanted.ephemeralResources.map((name) => [
          name,
          corrections.ephemeralResources[name].schema,
        ]),
      ),
    },
    how: `Read from ${PACKAGE} ${bindings.version} (made from aws ${bindings.cdktf.provider.version}) and corrected by aws.corrections.json; not printed by the provider. ${corrections.checked}`,
  };
}
