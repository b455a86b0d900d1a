import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AttributeSchema, Kind, ObjectSchema } from "../double/core/schema";
import { deriveSchema } from "./derive-schema";

const SCOPES = ["@cdktf", "@cdktn"];

/** An installed package with the bindings of one provider, such as `@cdktf/provider-aws`. */
export interface BindingsPackage {
  /** Name and version of the package. */
  readonly name: string;
  /** Source of the provider, for example `registry.terraform.io/hashicorp/aws`. */
  readonly source: string;
  /** Folder with a folder for each type. */
  readonly folder: string;
}

/**
 * Finds the packages with bindings that are installed for a project, in its `node_modules` and in those
 * of the folders above it. The nearest package of a provider counts.
 */
export function installedBindings(project: string): BindingsPackage[] {
  const found = new Map<string, BindingsPackage>();
  for (let folder = project; ; folder = dirname(folder)) {
    for (const each of packagesIn(join(folder, "node_modules"))) {
      if (!found.has(each.source)) found.set(each.source, each);
    }
    if (folder === dirname(folder)) return [...found.values()];
  }
}

function packagesIn(modules: string): BindingsPackage[] {
  return SCOPES.flatMap((scope) => {
    const names = existsSync(join(modules, scope)) ? readdirSync(join(modules, scope)) : [];
    return names
      .filter((name) => name.startsWith("provider-"))
      .flatMap((name) => packageAt(join(modules, scope, name)) ?? []);
  });
}

function packageAt(folder: string): BindingsPackage | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { name, version, cdktf, cdktn } = JSON.parse(readFileSync(file, "utf8"));
  const source: unknown = (cdktn ?? cdktf)?.provider?.name;
  if (typeof source !== "string") return undefined;
  return { name: `${name} ${version}`, source: source.toLowerCase(), folder: join(folder, "lib") };
}

const derived = new Map<string, ObjectSchema | undefined>();

/**
 * Derives the schema of one type, or of the provider itself, from a package. Where bindings show too
 * little, the more permissive is assumed: the provider may set a text, number or boolean that the
 * configuration leaves out, and an argument that ends in `_wo` is write-only.
 * @returns undefined if the package does not have the type
 */
export function derivedSchema(
  bindings: BindingsPackage,
  kind: Kind,
  type: string,
): ObjectSchema | undefined {
  const key = [bindings.folder, kind, type].join("\n");
  if (!derived.has(key)) derived.set(key, derive(bindings, kind, type));
  return derived.get(key);
}

function derive(bindings: BindingsPackage, kind: Kind, type: string): ObjectSchema | undefined {
  if (kind === "provider") {
    const { block, ...rest } = deriveSchema(join(bindings.folder, "provider"));
    // An argument of Terraform, not of the provider.
    const { alias: _, ...attributes } = block.attributes ?? {};
    return { ...rest, block: { ...block, attributes } };
  }
  if (kind === "ephemeral") return ephemeralSchema(bindings, type);
  const folder = folderOf(bindings, kind, type);
  return folder === undefined ? undefined : permissive(deriveSchema(folder));
}

/** Returns the schema that a resource or data source of this name has, since bindings have no ephemeral ones. */
function ephemeralSchema(bindings: BindingsPackage, type: string): ObjectSchema | undefined {
  return derivedSchema(bindings, "resource", type) ?? derivedSchema(bindings, "data", type);
}

function folderOf(
  { folder, source }: BindingsPackage,
  kind: Kind,
  type: string,
): string | undefined {
  const provider = source.split("/").at(-1) ?? "";
  const words = type.split("_").slice(1).join("-");
  const name = kind === "data" ? `data-${provider}-${words}` : words;
  // A class that would have the name of a type of TypeScript is called, for example, StringResource.
  return [name, `${name}-resource`]
    .map((each) => join(folder, each))
    .find((each) => hasClass(join(each, "index.js"), type));
}

const hasClass = (file: string, type: string): boolean =>
  existsSync(file) && readFileSync(file, "utf8").includes(`tfResourceType = "${type}"`);

function permissive({ block, ...rest }: ObjectSchema): ObjectSchema {
  const attributes = Object.entries(block.attributes ?? {}).map(
    ([name, attribute]): [string, AttributeSchema] => {
      if (!attribute.optional) return [name, attribute];
      if (name.endsWith("_wo")) return [name, { ...attribute, write_only: true }];
      const simple = typeof attribute.type === "string" || name === "tags_all";
      return [name, simple ? { ...attribute, computed: true } : attribute];
    },
  );
  return { ...rest, block: { ...block, attributes: Object.fromEntries(attributes) } };
}
