import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type HclBlock, hclBlocks } from "./hcl-blocks";
import type { BlocksByType, StackJson } from "./stack-folder";

/** A stack together with its modules. */
export interface ModulesOfStack {
  /** What the stack and the local modules use: one entry for the stack, and one for each module. */
  readonly parts: readonly StackJson[];
  /** Sources of the modules that are not on this machine before Terraform fetches them. */
  readonly remote: readonly string[];
}

/**
 * Reads a stack's modules that are in folders beside it, and theirs: which providers, resources, data
 * sources and ephemeral resources they use. Values are not read from HCL.
 */
export function modulesOf(stack: StackJson, folder: string): ModulesOfStack {
  const parts: StackJson[] = [];
  const remote = new Set<string>();
  const seen = new Set<string>();
  const visit = (part: StackJson, from: string) => {
    parts.push(part);
    for (const { source = "" } of Object.values(part.module ?? {})) {
      const path = resolve(from, source);
      if (!/^\.{0,2}\//.test(source)) remote.add(source);
      else if (existsSync(path) && !seen.has(path)) {
        seen.add(path);
        visit(readModule(path), path);
      }
    }
  };
  visit(stack, folder);
  return { parts, remote: [...remote] };
}

/** Reads what the files of one module use. */
export function readModule(folder: string): StackJson {
  const files = readdirSync(folder).filter((name) => /\.(tf|tofu)(\.json)?$/.test(name));
  return files
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return name.endsWith(".json") ? ofJson(JSON.parse(text)) : ofHcl(hclBlocks(text));
    })
    .reduce(merged, {});
}

/** In JSON, Terraform takes a list of objects for an object. */
function ofJson(json: Readonly<Record<string, unknown>>): StackJson {
  const plain = Object.entries(json).map(([name, value]) => [
    name,
    Array.isArray(value) ? Object.assign({}, ...value) : value,
  ]);
  return Object.fromEntries(plain);
}

type Mutable = {
  resource: Record<string, Record<string, object>>;
  data: Record<string, Record<string, object>>;
  ephemeral: Record<string, Record<string, object>>;
};

function ofHcl(blocks: readonly HclBlock[]): StackJson {
  const types: Mutable = { resource: {}, data: {}, ephemeral: {} };
  const provider: Record<string, object> = {};
  const module: Record<string, { source?: string }> = {};
  const required_providers: Record<string, { source?: string }> = {};
  const check: Record<string, { data: BlocksByType }> = {};
  for (const { header, body } of blocks) {
    const [kind = "", first = "", second = ""] = header;
    if (kind === "resource" || kind === "data" || kind === "ephemeral") {
      const provider = /^\s*provider\s*=\s*"?([\w-]+)/m.exec(body)?.[1];
      types[kind][first] = { ...types[kind][first], [second]: { provider } };
    } else if (kind === "provider") provider[first] = {};
    else if (kind === "module") {
      module[first] = { source: /^\s*source\s*=\s*"([^"]+)"/m.exec(body)?.[1] };
    } else if (kind === "check") {
      check[first] = { data: ofHcl(hclBlocks(body)).data ?? {} };
    } else if (kind === "terraform") {
      const inner = hclBlocks(body).find(({ header: [name] }) => name === "required_providers");
      for (const [, name = "", source] of (inner?.body ?? "").matchAll(
        /^\s*([\w-]+)\s*=\s*\{[^}]*?\bsource\s*=\s*"([^"]+)"/gm,
      )) {
        required_providers[name] = { source };
      }
    }
  }
  return { ...types, provider, module, check, terraform: { required_providers } } as StackJson;
}

function merged(left: StackJson, right: StackJson): StackJson {
  const types = (name: "resource" | "data" | "ephemeral") => {
    const result: Record<string, object> = { ...left[name] };
    for (const [type, byName] of Object.entries(right[name] ?? {})) {
      result[type] = { ...result[type], ...byName };
    }
    return result as BlocksByType;
  };
  return {
    resource: types("resource"),
    data: types("data"),
    ephemeral: types("ephemeral"),
    provider: { ...left.provider, ...right.provider },
    module: { ...left.module, ...right.module },
    check: { ...left.check, ...right.check },
    terraform: {
      required_providers: {
        ...left.terraform?.required_providers,
        ...right.terraform?.required_providers,
      },
    },
  };
}
