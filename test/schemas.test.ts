// Compares the committed schemas with the bindings, read as text. Every argument that the bindings accept
// must be in the schema that the rehearsal uses, and the other way round.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { buildCommands } from "./support/built-command";

const root = join(__dirname, "..");
const packageFolder = (name: string) => dirname(require.resolve(`${name}/package.json`));
const BINDINGS: Record<string, { folder: string; dataPrefix: string }> = {
  aws: { folder: join(packageFolder("@cdktf/provider-aws"), "lib"), dataPrefix: "data-aws-" },
  genesyscloud: { folder: join(root, "genesyscloud"), dataPrefix: "data-genesyscloud-" },
  vault: { folder: join(packageFolder("@cdktf/provider-vault"), "lib"), dataPrefix: "data-vault-" },
};

/** Arguments of providers that are newer than the bindings (aws 6.25.0, vault 5.6.0). */
const NEWER_THAN_BINDINGS: Record<string, string[]> = {
  "aws provider": ["user_agent"], // 6.27.0
};

/** Types whose blocks are so deep that the generator makes one recursive struct of them. */
const RECURSIVE = ["genesyscloud_knowledge_document_variation"];

type Type = string | ["list" | "set" | "map", Type] | ["object", Record<string, Type>];
interface Attribute {
  type: Type;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
}
interface NestedBlock {
  nesting_mode: string;
  min_items?: number;
  max_items?: number;
  block: Block;
}
interface Block {
  attributes?: Record<string, Attribute>;
  block_types?: Record<string, NestedBlock>;
}
interface Schema {
  version: number;
  block: Block;
}
interface SchemaFile {
  "//": { provider: string; version: string; origin: string; how: string };
  provider_schemas: Record<
    string,
    { provider: Schema } & Record<`${string}_schemas`, Record<string, Schema>>
  >;
}
interface InUse {
  source: string;
  version: string;
  resources: string[] | "all";
  dataSources: string[] | "all";
  ephemeralResources: string[];
}

const json = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const inUse: Record<string, InUse> = json("schemas/in-use.json");

// ---- Both sides as `path: "optional string[]"`. Bindings do not distinguish a set from a list, nor an
// optional argument from one with the provider's default (computed), so neither does this test.

function typeInSchema(type: Type): string {
  if (typeof type === "string") return type === "bool" ? "boolean" : type;
  if (type[0] === "object") throw new Error("an object that is not in a list");
  return type[0] === "map" ? `map of ${typeInSchema(type[1])}` : `${typeInSchema(type[1])}[]`;
}

/** Members of a list or set of objects, which bindings show like blocks. */
function membersOf(type: Type): Record<string, Type> | undefined {
  if (typeof type === "string" || type[0] === "object") return undefined;
  const element = type[1];
  return typeof element !== "string" && element[0] === "object" ? element[1] : undefined;
}

function fromSchema(block: Block, path = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, { type, required, optional }] of Object.entries(block.attributes ?? {})) {
    const flag = required ? "required" : optional ? "optional" : "computed";
    const members = membersOf(type);
    if (members) {
      found[path + name] = `${flag} block[]`;
      // A member is as optional or computed as the attribute itself.
      const inside = Object.entries(members).map(([key, t]) => [key, { type: t, [flag]: true }]);
      const nested = fromSchema({ attributes: Object.fromEntries(inside) }, `${path}${name}.`);
      Object.assign(found, nested);
      continue;
    }
    found[path + name] = `${flag} ${typeInSchema(type)}`;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const one = nested.max_items === 1 || nested.nesting_mode === "single";
    found[path + name] =
      `${nested.min_items ? "required" : "optional"} ${one ? "block" : "block[]"}`;
    Object.assign(found, fromSchema(nested.block, `${path}${name}.`));
  }
  return found;
}

const MEMBER = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+readonly (\w+)(\??): ([^;{]+|\{[^}]*\});/g;
const COMPUTED =
  /\/\/ (\w+) - computed: true, optional: false, required: false\s+(?:get |(?:this\.)?_)(\w+)/g;
const GETTER_TYPES: Record<string, string> = {
  "cdktf.IResolvable": "boolean",
  "cdktf.StringMap": "map of string",
  "cdktf.NumberMap": "map of number",
  "cdktf.BooleanMap": "map of boolean",
};

/** Returns the text from `start` to the closing brace in the first column. */
function section(text: string, start: string): string {
  const from = text.indexOf(start);
  return from < 0 ? "" : text.slice(from, text.indexOf("\n}", from));
}

function fromBindings(folder: string): Record<string, string> {
  // The generator moves the blocks of a very large type to files of their own.
  const textOf = (ending: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
  const [dts, js] = [textOf(".d.ts"), textOf(".js")];
  const [, main = ""] =
    /class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) /.exec(dts) ?? [];

  function read(config: string, className: string, path: string): Record<string, string> {
    const found: Record<string, string> = {};
    const members = section(dts, `interface ${config} `);
    for (const [, comment = "", , question, type = ""] of members.matchAll(MEMBER)) {
      const name = /#(\w+)\}/.exec(comment)?.[1]; // the link to the argument's documentation
      if (!name) throw new Error(`${folder}: ${config} has an argument without a link`);
      const plain = type.replace(" | cdktf.IResolvable", "").replace(/^Array<(.*)>$/, "$1[]");
      const [, element, list = ""] = /^(\w+)((?:\[\])?)$/.exec(plain) ?? [];
      const struct = element && dts.includes(`export interface ${element} {`) ? element : undefined;
      const map = /\[key: string\]: (\w+)/.exec(plain)?.[1];
      const shape = struct ? `block${list}` : map ? `map of ${map}` : plain;
      found[path + name] = `${question ? "optional" : "required"} ${shape}`;
      if (struct) Object.assign(found, read(struct, `${struct}OutputReference`, `${path}${name}.`));
    }
    const getters = section(dts, `class ${className} `);
    for (const [, name, getter] of section(js, `class ${className} `).matchAll(COMPUTED)) {
      const type = new RegExp(`get ${getter}\\(\\): (.*);`).exec(getters)?.[1] ?? "?";
      const [, struct, many] = /^(\w+?)(?:(List)|OutputReference)$/.exec(type) ?? [];
      if (struct) {
        found[path + name] = `computed block${many ? "[]" : ""}`;
        Object.assign(found, read(struct, `${struct}OutputReference`, `${path}${name}.`));
        continue;
      }
      found[path + name] = `computed ${GETTER_TYPES[type] ?? type}`;
    }
    return found;
  }

  const all = read(`${main}Config`, main, "");
  if (folder.endsWith("provider")) delete all.alias; // an argument of Terraform, not of a provider
  return all;
}

function without(found: Record<string, string>, paths: string[] = []) {
  return Object.fromEntries(Object.entries(found).filter(([path]) => !paths.includes(path)));
}

test("every schema file belongs to a provider in use", () => {
  const files = readdirSync(join(root, "schemas")).filter((f) => /^\w+\.json$/.test(f));
  expect(files.sort()).toEqual(Object.keys(inUse).map((name) => `${name}.json`));
});

describe.each(Object.entries(inUse))("%s", (provider, used) => {
  const file: SchemaFile = json(`schemas/${provider}.json`);
  const key = `registry.terraform.io/${used.source}`;
  const schemas = file.provider_schemas[key];
  if (!schemas) throw new Error(`schemas/${provider}.json has no ${key}`);

  test("names its provider, its version and its origin", () => {
    const { origin, how, ...rest } = file["//"];
    expect(rest).toEqual({ provider: key, version: used.version });
    expect(["printed", "derived"]).toContain(origin);
    expect(how).not.toBe("");
  });

  const typesOf = (kind: string) => Object.keys(schemas[`${kind}_schemas`] ?? {});
  const resources = used.resources === "all" ? typesOf("resource") : used.resources;
  const dataSources = used.dataSources === "all" ? typesOf("data_source") : used.dataSources;

  test("has exactly the types in use", () => {
    expect(typesOf("resource")).toEqual(resources);
    expect(typesOf("data_source")).toEqual(dataSources);
    expect(typesOf("ephemeral_resource")).toEqual(used.ephemeralResources);
  });

  test("has sorted keys and no descriptions, except of the types themselves", () => {
    const check = (value: unknown, path: string) => {
      if (value === null || typeof value !== "object") return;
      const entries = Object.entries(value);
      for (const [name, inner] of entries) {
        if (
          /_schemas\.\w+\.block$/.test(path) &&
          name === "description" &&
          used.resources === "all"
        )
          continue;
        if (/^description(_kind)?$/.test(name))
          expect(`${path}: ${typeof inner}`).toMatch(/object$/);
        check(inner, `${path}.${name}`);
      }
      if (Array.isArray(value)) return;
      expect(entries.map(([name]) => name)).toEqual(entries.map(([name]) => name).sort());
    };
    check(schemas, provider);
  });

  // Ephemeral resources have no bindings.
  const { folder, dataPrefix } = BINDINGS[provider] ?? { folder: "", dataPrefix: "" };
  const classes: [string, string, Schema | undefined][] = [
    ["provider", "provider", schemas.provider],
    ...names(resources, "", "resource"),
    ...names(dataSources, dataPrefix, "data_source"),
  ];
  function names(list: string[], prefix: string, kind: string) {
    return list
      .filter((name) => kind !== "resource" || !RECURSIVE.includes(name))
      .map((name): [string, string, Schema | undefined] => [
        kind === "resource" ? name : `data ${name}`,
        prefix + name.slice(provider.length + 1).replaceAll("_", "-"),
        schemas?.[`${kind}_schemas`]?.[name],
      ]);
  }
  const built = existsSync(join(folder, classes.at(-1)?.[1] ?? "")); // Genesys: by `npm test`
  (built ? test : test.skip).each(classes)(
    "%s is the same in the bindings",
    (name, subfolder, schema) => {
      if (!schema) throw new Error(`schemas/${provider}.json has no ${name}`);
      const bound = fromBindings(join(folder, subfolder));
      expect(Object.keys(bound).length).toBeGreaterThan(1);
      const newer = NEWER_THAN_BINDINGS[`${provider} ${name}`];
      expect(without(fromSchema(schema.block), newer)).toEqual(without(bound, newer));
    },
  );
});

test("docs/genesys-types.md has every type, as scripts/type-table.mjs writes it", () => {
  const script = `
    import { typeTable } from "./scripts/type-table.mjs";
    process.stdout.write(typeTable());`;
  const page = readFileSync(join(root, "docs/genesys-types.md"), "utf8");
  expect(runModule(script)).toBe(page);
  const schema = json("schemas/genesyscloud.json").provider_schemas;
  const { resource_schemas, data_source_schemas } =
    Object.values<Record<string, object>>(schema)[0] ?? {};
  const types = new Set(Object.keys({ ...resource_schemas, ...data_source_schemas }));
  const rows = [
    ...page.matchAll(
      /^\| `(genesyscloud_\w+)` \| .+ \| `([\w-]+)` \| (≤ )?[\d.]* \| (≤ )?[\d.]* \|$/gm,
    ),
  ];
  expect(rows.map(([, type]) => type)).toEqual([...types].sort());
});

/** Runs a script as an ES module in the root, and returns what it prints. */
function runModule(script: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout;
}

test("the aws schema is the result of the bindings and the corrections, if it is derived", () => {
  const file: SchemaFile = json("schemas/aws.json");
  if (file["//"].origin !== "derived") return;
  buildCommands();
  const script = `
    import { readFileSync } from "node:fs";
    import { deriveAws } from "./scripts/derive-aws-schema.mjs";
    const { aws } = JSON.parse(readFileSync("schemas/in-use.json", "utf8"));
    console.log(JSON.stringify(deriveAws(aws)));`;
  const { schema, how } = JSON.parse(runModule(script));
  expect(how).toBe(file["//"].how);
  expect({ ephemeral_resource_schemas: {}, ...schema }).toEqual(
    file.provider_schemas["registry.terraform.io/hashicorp/aws"],
  );
});
