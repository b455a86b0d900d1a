import { isDeepStrictEqual } from "node:util";
import { asObject, type Json } from "../synthesized-stack";

/** A text in a stack. */
export interface TextPlace {
  /** For example `resource.aws_kms_key.secrets.description`. */
  readonly path: string;
  readonly text: string;
}

/** Returns all texts of a value, also those in the names of fields, which Terraform evaluates as well. */
export function* placesIn(value: unknown, path = ""): Iterable<TextPlace> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    // A comment of the whole stack. Further in, `//` could be the name of a map's field.
    if (name === "//" && path === "") continue;
    if (!Array.isArray(value)) yield { path, text: name };
    yield* placesIn(each, path === "" ? name : `${path}.${name}`);
  }
}

/** Returns all texts of a value. */
export const textsIn = (value: unknown): string[] => [...placesIn(value)].map(({ text }) => text);

/** Whether a text has an expression or a directive. */
export const isTemplate = (text: string): boolean => /[$%]\{/.test(text);

/** Returns the blocks of a section by type and name, as one record. */
export const byAddress = (section: unknown): Json =>
  Object.fromEntries(
    Object.entries(asObject(section)).flatMap(([type, blocks]) =>
      Object.entries(asObject(blocks)).map(([name, body]) => [`${type}.${name}`, body]),
    ),
  );

/** Returns the names of fields whose values differ. */
export const differing = (one: Json, other: Json): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => name !== "//" && !same(one[name], other[name]))
    .sort();

/** Whether two blocks are the same, apart from their comments. */
export const same = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(withoutComment(one), withoutComment(other));

/** Removes the comment of a block. Further in, `//` could be the name of a map's field. */
function withoutComment(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { "//": _, ...rest } = value as Json;
  return rest;
}
