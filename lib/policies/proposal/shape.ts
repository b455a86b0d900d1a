/** Sections that a proposed stack may have, and how many labels their blocks have. */
const SECTIONS: Readonly<Record<string, number | "any">> = {
  terraform: 0,
  provider: 0,
  locals: 0,
  variable: 1,
  output: 1,
  check: 1,
  resource: 2,
  data: 2,
  ephemeral: 2,
  import: "any",
  moved: "any",
  removed: "any",
};

/** Refuses sections that a proposed stack may not have. */
export const sectionRefusals = (stack: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(stack)
    .filter((section) => section !== "//" && !Object.hasOwn(SECTIONS, section))
    .map((section) => `it has a block ${section}`);

/**
 * Refuses lists in place of objects. Terraform also takes a list of blocks at each
 * level of labels (tried with Terraform 1.11.4), and the framework never writes one.
 */
export function* shapeRefusals(stack: unknown): Iterable<string> {
  if (!isObject(stack)) {
    yield "it is not an object";
    return;
  }
  for (const [section, content] of Object.entries(stack)) {
    const labels = SECTIONS[section];
    if (typeof labels === "number") yield* notObjects(content, section, labels);
  }
  for (const [name, check] of Object.entries(isObject(stack.check) ? stack.check : {})) {
    const data = isObject(check) ? check.data : undefined;
    if (data !== undefined) yield* notObjects(data, `check.${name}.data`, 2);
  }
}

function* notObjects(value: unknown, path: string, labels: number): Iterable<string> {
  if (!isObject(value)) {
    yield `${path} is not an object`;
    return;
  }
  if (labels === 0) return;
  for (const [name, each] of Object.entries(value)) {
    yield* notObjects(each, `${path}.${name}`, labels - 1);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
