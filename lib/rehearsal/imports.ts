import type { StackJson } from "../terraform/stack-folder";

/** An `import` block of a stack: an object that exists, and the resource that takes it over. */
export interface Import {
  /** Address of the resource. */
  readonly to: string;
  readonly id?: string;
}

/** Returns the `import` blocks of a stack. */
export function importsOf(stack: StackJson): Import[] {
  return [stack.import ?? []].flat().map(({ to, id }) => ({
    // cdktf writes the address alone, others may write it as a reference.
    to: String(to).replace(/^\$\{(.*)\}$/, "$1"),
    ...(typeof id === "string" ? { id } : {}),
  }));
}

/** Returns the configuration of the resource that takes an object over, as it is in the JSON. */
export function importedConfiguration(
  stack: StackJson,
  type: string,
  id: string,
): Readonly<Record<string, unknown>> | undefined {
  const ofType = importsOf(stack).filter(({ to }) => to.startsWith(`${type}.`));
  const found =
    ofType.find((each) => each.id === id) ?? ofType.find((each) => each.id?.includes("${") ?? true);
  const name = found?.to.slice(type.length + 1).replace(/\[.*$/, "");
  return name === undefined ? undefined : stack.resource?.[type]?.[name];
}
