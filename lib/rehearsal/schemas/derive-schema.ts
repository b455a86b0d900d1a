import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  AttributeSchema,
  BlockSchema,
  NestedBlockSchema,
  ObjectSchema,
  TerraformType,
} from "../double/core/schema";

// Every class of a provider's bindings has a table (`synthesizeHclAttributes`, for blocks
// `…ToHclTerraform`) with each argument's Terraform name, its type, and whether it is a block. An
// attribute that is only computed has a comment. In the .d.ts, a required argument has no `?`. Bindings
// do not show what is optional and computed at once, sensitive, write-only or deprecated, the limits of
// blocks above 1, and schema versions other than 0.

const ENTRY =
  /^ +"?(\w+)"?: \{\n +value: (.*),\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)"/gm;
const COMPUTED =
  /^ +\/\/ (\w+) - computed: true, optional: false, required: false\n((?: +.*\n){1,2})/gm;
const MEMBER = /#(\w+)\}(?:(?!\*\/)[\s\S])*\*\/\s+readonly \w+(\??):/g;
const SIMPLE: Readonly<Record<string, TerraformType>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "dynamic",
};

/**
 * Derives a schema from the bindings of one type, as `terraform providers schema -json` would print it,
 * as far as bindings show it.
 * @param folder the compiled module of a class, for example `@cdktf/provider-aws/lib/sns-topic`
 * @throws Error if the bindings have a form that is not known here
 */
export function deriveSchema(folder: string): ObjectSchema {
  const bindings = new Bindings(folder);
  const [head = ""] =
    /class \w+ extends [\w$]+\.Terraform(?:Resource|DataSource|Provider) /.exec(bindings.js) ?? [];
  const body = bindings.js.slice(...range(bindings.js, head));
  const table = body.slice(...range(body, "synthesizeHclAttributes() {", "    "));
  const [, interfaceName = ""] =
    /constructor\(scope: Construct, id: string, config\??: (\w+)/.exec(bindings.dts) ?? [];
  const config = section(bindings.dts, `interface ${interfaceName} `);
  return { version: 0, block: bindings.block(table, config, body) };
}

class Bindings {
  readonly js: string;
  readonly dts: string;

  constructor(private readonly folder: string) {
    // The generator moves the blocks of a very large type to files of their own.
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    const textOf = (ending: string) =>
      files
        .filter((file) => file.endsWith(ending))
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("\n");
    this.js = textOf(".js");
    this.dts = textOf(".d.ts");
  }

  /**
   * Reads one block.
   * @param table its arguments
   * @param config the interface, which says which arguments are required
   * @param classText the getters of attributes that are only computed
   * @param above the blocks around it
   */
  block(
    table: string,
    config: string,
    classText: string,
    above: readonly string[] = [],
  ): BlockSchema {
    const attributes: Record<string, AttributeSchema> = {};
    const block_types: Record<string, NestedBlockSchema> = {};
    const members = [...config.matchAll(MEMBER)];
    const required = new Set(members.filter(([, , mark]) => mark === "").map(([, name]) => name));
    for (const [, name = "", value = "", isBlock, kind = "", storage = ""] of table.matchAll(
      ENTRY,
    )) {
      if (isBlock === "false") {
        const type = argumentType(kind, storage);
        if (!type) throw this.unknown(`${name}: ${kind} ${storage}`);
        attributes[name] = { type, [required.has(name) ? "required" : "optional"]: true };
        continue;
      }
      const [, mapper] = /\b(\w+)ToHclTerraform\b/.exec(value) ?? [];
      if (!mapper) throw this.unknown(`${name}: ${value}`);
      // A struct inside itself stands for blocks that are too deep for the generator.
      if (above.filter((each) => each === mapper).length > 1) continue;
      block_types[name] = {
        nesting_mode: kind === "struct" ? "single" : (kind as NestedBlockSchema["nesting_mode"]),
        ...(kind === "list" || kind === "set"
          ? value.includes("istMapperHcl(")
            ? {}
            : { max_items: 1 }
          : {}),
        ...(required.has(name) ? { min_items: 1 } : {}),
        block: this.struct(mapper, [...above, mapper]),
      };
    }
    Object.assign(attributes, this.computedOnly(classText));
    const found = { attributes, block_types };
    // Terraform does not print empty parts either.
    return Object.fromEntries(
      Object.entries(found).filter(([, part]) => Object.keys(part).length > 0),
    );
  }

  private struct(mapper: string, above: readonly string[]): BlockSchema {
    const name = `${mapper[0]?.toUpperCase()}${mapper.slice(1)}`;
    const table = section(this.js, `function ${mapper}ToHclTerraform(`);
    const config = section(this.dts, `interface ${name} {`);
    // The blocks of a provider have no such class, and no computed attributes.
    return this.block(table, config, this.outputClass(name), above);
  }

  private outputClass(struct: string): string {
    const head = `class ${struct}OutputReference `;
    return this.js.includes(head) ? section(this.js, head) : "";
  }

  private computedOnly(classText: string): Record<string, AttributeSchema> {
    const found: Record<string, AttributeSchema> = {};
    for (const [, name = "", code = ""] of classText.matchAll(COMPUTED)) {
      found[name] = { type: this.computedType(name, code), computed: true };
    }
    return found;
  }

  private computedType(name: string, code: string): TerraformType {
    const [, get, many = ""] =
      /this\.get(String|Number|Boolean|Any)?(List|Map)?Attribute\(/.exec(code) ?? [];
    const collection = code.includes("Fn.tolist(") ? "set" : "list";
    if (many === "List") return [collection, simpleType(get ?? "String")];
    if (get) return many === "Map" ? ["map", simpleType(get)] : simpleType(get);
    if (code.includes("this.interpolationForAttribute(")) return "dynamic";
    const [, made = "", wrapsSet] =
      /= new (?:[\w$]+\.)?(\w+)\(this, ["']\w+["'](?:, (true|false))?\)/.exec(code) ?? [];
    const listOrSet = wrapsSet === "true" ? "set" : "list";
    const [, base, suffixes] = /^(String|Number|Boolean|Any)((?:Map|List)+)$/.exec(made) ?? [];
    if (base && suffixes) return collectionType(simpleType(base), suffixes, listOrSet);
    const [, struct, shape] = /^(\w+?)(OutputReference|List|Map)$/.exec(made) ?? [];
    if (!struct) throw this.unknown(`${name}: ${code.trim()}`);
    const object = this.objectType(struct);
    if (shape === "OutputReference") return object;
    return [shape === "Map" ? "map" : listOrSet, object];
  }

  private objectType(struct: string): TerraformType {
    const members = Object.entries(this.computedOnly(this.outputClass(struct)));
    return [
      "object",
      Object.fromEntries(members.map(([name, { type }]) => [name, type ?? "dynamic"])),
    ];
  }

  private unknown(what: string): Error {
    return new Error(`${this.folder}: cannot read ${what}`);
  }
}

function simpleType(name: string): TerraformType {
  return SIMPLE[name.toLowerCase()] ?? "dynamic";
}

/** Returns the type of an argument, for example of `set` and `stringList`. */
function argumentType(kind: string, storage: string): TerraformType | undefined {
  const [, base = "", suffixes = ""] =
    /^(string|number|boolean|any)((?:List|Map)*)$/.exec(storage) ?? [];
  const simple = SIMPLE[base];
  if (simple === undefined || suffixes === "") return simple;
  return collectionType(simple, suffixes, kind as "list" | "set" | "map");
}

/** Returns a collection type. The last suffix is the outermost collection. */
function collectionType(
  element: TerraformType,
  suffixes: string,
  outermost: "list" | "set" | "map",
): TerraformType {
  const kinds = suffixes.match(/List|Map/g) ?? [];
  return kinds.reduce<TerraformType>((type, kind, index) => {
    const last = index === kinds.length - 1;
    return [kind === "Map" ? "map" : last ? outermost : "list", type];
  }, element);
}

/** Returns the text from `start` to the brace that closes it in the first column. */
function section(text: string, start: string): string {
  return text.slice(...range(text, start));
}

function range(text: string, start: string, indent = ""): [number, number] {
  const from = start === "" ? -1 : text.indexOf(start);
  if (from < 0) throw new Error(`the bindings have no "${start}"`);
  return [from, text.indexOf(`\n${indent}}`, from)];
}
