import type { BlocksByType, StackJson } from "./stack-folder";

/** Terraform's own registry. */
export const REGISTRY = "registry.terraform.io";

const SECTIONS = ["resource", "data", "ephemeral"] as const;

/** Returns the sources of a stack's providers by their local names, also of those that it only uses. */
export function providerSources(stack: StackJson): Map<string, string> {
  const sources = new Map(
    Object.entries(stack.terraform?.required_providers ?? {}).map(([name, { source }]) => [
      name,
      fullSource(source ?? name),
    ]),
  );
  for (const name of providersUsed(stack)) {
    if (!sources.has(name)) sources.set(name, fullSource(name));
  }
  return sources;
}

/** A type that a stack uses, with its provider's local name. */
export interface TypeUsed {
  readonly section: (typeof SECTIONS)[number];
  readonly type: string;
  readonly provider: string;
}

/** Returns the types that a stack uses, also inside of its `check` blocks. */
export function* typesUsed(stack: StackJson): Generator<TypeUsed> {
  for (const section of SECTIONS) yield* typesOf(section, stack[section]);
  for (const { data } of Object.values(stack.check ?? {})) yield* typesOf("data", data);
}

function* typesOf(
  section: TypeUsed["section"],
  byType: BlocksByType | undefined,
): Generator<TypeUsed> {
  for (const [type, byName] of Object.entries(byType ?? {})) {
    const names = Object.values(byName).map(({ provider }) => provider ?? type.split("_")[0]);
    for (const name of new Set(names.map((each) => /[\w-]+/.exec(String(each))?.[0] ?? ""))) {
      yield { section, type, provider: name };
    }
  }
}

function* providersUsed(stack: StackJson): Generator<string> {
  yield* Object.keys(stack.provider ?? {});
  for (const { provider } of typesUsed(stack)) yield provider;
}

/** Adds what Terraform adds to a source: its own registry, and HashiCorp's namespace. */
function fullSource(source: string): string {
  const parts = source.toLowerCase().split("/");
  const [type = "", namespace = "hashicorp", host = REGISTRY] = parts.reverse();
  // A stack for OpenTofu may name its registry, which has the same providers.
  return [host === "registry.opentofu.org" ? REGISTRY : host, namespace, type].join("/");
}
