import type { StackJson } from "./stack-folder";

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

function* providersUsed(stack: StackJson): Generator<string> {
  yield* Object.keys(stack.provider ?? {});
  for (const section of SECTIONS) {
    for (const [type, byName] of Object.entries(stack[section] ?? {})) {
      for (const { provider } of Object.values(byName)) {
        yield /[\w-]+/.exec(String(provider ?? type.split("_")[0]))?.[0] ?? "";
      }
    }
  }
}

/** Adds what Terraform adds to a source: its own registry, and HashiCorp's namespace. */
function fullSource(source: string): string {
  const parts = source.toLowerCase().split("/");
  const [type = "", namespace = "hashicorp", host = REGISTRY] = parts.reverse();
  // A stack for OpenTofu may name its registry, which has the same providers.
  return [host === "registry.opentofu.org" ? REGISTRY : host, namespace, type].join("/");
}
