import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";

/** A value with comments. */
class Commented {
  constructor(
    readonly value: unknown,
    readonly comment: { readonly above?: string; readonly after?: string },
  ) {}
}

/** Returns a value that has a comment in the lines above it. */
export const below = (above: string, value: unknown): unknown => new Commented(value, { above });

/** Returns a value that has a comment at the end of its line. */
export const before = (value: unknown, after: string): unknown => new Commented(value, { after });

/**
 * Returns YAML of a value of objects, lists and scalars, in which `undefined` fields are left out.
 *
 * @param heading comment at the top
 * @param spaced fields whose own fields are set apart by blank lines
 */
export function toYaml(value: object, heading: string, spaced: readonly string[] = []): string {
  const document = new Document();
  const root = mapOf(value);
  setApart(root);
  for (const name of spaced) {
    const field = root.get(name);
    if (field instanceof YAMLMap) setApart(field);
  }
  document.contents = root as never;
  document.commentBefore = hashed(heading);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function setApart({ items }: YAMLMap): void {
  for (const { key } of items.slice(1)) (key as Scalar).spaceBefore = true;
}

function nodeOf(value: unknown): YAMLMap | YAMLSeq | Scalar {
  if (value instanceof Commented) {
    const node = nodeOf(value.value);
    if (value.comment.after) node.comment = hashed(value.comment.after);
    if (value.comment.above) node.commentBefore = hashed(value.comment.above);
    return node;
  }
  if (Array.isArray(value)) return listOf(value);
  if (typeof value === "object" && value !== null) return mapOf(value);
  return new Scalar(value);
}

function listOf(values: readonly unknown[]): YAMLSeq {
  const list = new YAMLSeq();
  for (const value of values) list.add(nodeOf(value));
  // Names fit into one line.
  list.flow = values.every((value) => typeof value === "string" && /^[\w.-]+$/.test(value));
  return list;
}

function mapOf(value: object): YAMLMap {
  const map = new YAMLMap();
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const key = new Scalar(name);
    const node = nodeOf(field);
    // Otherwise the comment would be between the key and its value.
    key.commentBefore = node.commentBefore;
    node.commentBefore = undefined;
    map.add(new Pair(key, node));
  }
  map.flow = map.items.length === 0;
  return map;
}

const hashed = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "" : ` ${line}`))
    .join("\n");
