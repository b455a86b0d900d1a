// The part of EventBridge's pattern language that this project uses. AWS's own Event Ruler answers the same
// tables in test/e2e/event-ruler.test.ts.

type Json = unknown;

/** Whether an event matches a pattern of EventBridge. */
export function matchesPattern(pattern: Json, event: Json): boolean {
  return Object.entries(fields(pattern)).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted)) {
      return wanted.some((each) => matchesPattern(each, event));
    }
    const value = fields(event)[name];
    // A list has all possible values, and an object goes on with the fields of the field.
    if (Array.isArray(wanted)) return wanted.some((each) => matchesValue(each, value));
    // Of several objects, one must have all fields.
    const objects = Array.isArray(value) && value.length > 0 ? value : [value];
    return objects.some((each) => matchesPattern(wanted, each));
  });
}

function matchesValue(wanted: Json, value: Json): boolean {
  const { exists } = fields(wanted);
  const leaves =
    value === undefined || isObject(value) ? [] : Array.isArray(value) ? value : [value];
  if (exists !== undefined) return exists === leaves.length > 0;
  return leaves.some((leaf) => matchesLeaf(wanted, leaf));
}

function matchesLeaf(wanted: Json, leaf: Json): boolean {
  if (!isObject(wanted)) return wanted === leaf;
  const [operator, operand] = Object.entries(wanted)[0] ?? [];
  const operands = [operand].flat();
  switch (operator) {
    case "prefix":
      return typeof leaf === "string" && leaf.startsWith(String(operand));
    case "wildcard":
      return typeof leaf === "string" && operands.some((each) => wildcard(String(each)).test(leaf));
    case "anything-but":
      if (isObject(operand)) return !matchesLeaf(operand, leaf);
      return !operands.includes(leaf);
    default:
      throw new Error(`the pattern has ${operator}, which this matcher does not know`);
  }
}

const wildcard = (text: string): RegExp =>
  new RegExp(`^${text.split("*").map(escaped).join(".*")}$`, "s");

const escaped = (text: string): string => text.replace(/[\\^$.|?+(){}[\]]/g, "\\$&");

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fields = (value: Json): Record<string, Json> => (isObject(value) ? value : {});
