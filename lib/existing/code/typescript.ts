import type { BlockSchema, TerraformType } from "../../rehearsal/double/core/schema";
import {
  type Arguments,
  type Dangling,
  isDangling,
  isReference,
  type Reference,
  type Value,
} from "../model";
import { camelCase } from "./logical-ids";

/** Width of a line of code. */
const WIDTH = 100;

/** Returns the code of a reference's id, or of one that could not be resolved. */
export type ReferenceCode = (reference: Reference | Dangling, place: string) => string;

/** Code that is not written yet: a text as it is, a list, or the members of an object. */
type Code = string | readonly Code[] | ReadonlyMap<string, Code>;

/** How the properties of a construct are written. */
export interface PropertiesCode {
  readonly schema: BlockSchema;
  readonly arguments: Arguments;
  readonly referenceCode: ReferenceCode;
  /** Arguments of which it is known whether they are empty. */
  readonly known: readonly string[];
  /** Returns the code of an argument whose value is elsewhere; undefined for all others. */
  readonly elsewhere: (name: string) => string | undefined;
  /** Number of spaces before the closing brace. */
  readonly indent: number;
}

/**
 * Returns arguments as the properties of a construct. An argument that must be there and is empty gets an empty
 * value, and so does a list that the provider would leave alone if it was not there.
 */
export function propertiesCode(props: PropertiesCode): string {
  const { schema, arguments: given, referenceCode, elsewhere, indent } = props;
  const members = membersOf(schema, withEmptyLists(props), referenceCode, "");
  const codes = Object.keys(given).flatMap((name) => {
    const code = elsewhere(name);
    return code === undefined ? [] : [[camelCase(name), code] as const];
  });
  return written(new Map([...members, ...codes]), indent, 0);
}

function withEmptyLists({ schema, arguments: given, known }: PropertiesCode): Arguments {
  const lists = Object.entries(schema.attributes ?? {}).flatMap(
    ([name, { type = "dynamic", optional, computed }]) =>
      optional && computed && known.includes(name) && given[name] === undefined && isList(type)
        ? [[name, []] as const]
        : [],
  );
  return { ...given, ...Object.fromEntries(lists) };
}

/** Returns an argument's value as a document, with the names that constructs have. */
export function parameterOf(schema: BlockSchema, name: string, value: Value): unknown {
  const code = membersOf(schema, { [name]: value }, () => "", "").get(camelCase(name));
  return documentOf(code ?? "null");
}

function documentOf(code: Code): unknown {
  if (typeof code === "string") return JSON.parse(code);
  if (Array.isArray(code)) return code.map(documentOf);
  return Object.fromEntries(
    [...(code as ReadonlyMap<string, Code>)].map(([name, one]) => [name, documentOf(one)]),
  );
}

/**
 * Returns a text in quotes, which neither CDKTF nor Terraform takes for an expression. Characters that end lines or
 * change the direction of text are escaped: a review could not see them, and some formatters stop at them.
 */
export const textCode = (text: string): string =>
  JSON.stringify(text.replace(/[$%]\{/g, (start) => `${start[0]}${start}`)).replace(
    /[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function membersOf(
  schema: BlockSchema,
  given: Arguments,
  referenceCode: ReferenceCode,
  place: string,
): ReadonlyMap<string, Code> {
  const members = new Map<string, Code>();
  for (const [name, { type = "dynamic", required }] of Object.entries(schema.attributes ?? {})) {
    const value = given[name] ?? (required ? emptyOf(type) : undefined);
    if (value === undefined) continue;
    members.set(camelCase(name), valueCode(type, value, referenceCode, below(place, name)));
  }
  for (const [name, nested] of Object.entries(schema.block_types ?? {})) {
    const value = given[name];
    if (value === undefined) continue;
    const code = (one: Value, at: string) =>
      membersOf(nested.block, one as Arguments, referenceCode, at);
    const at = below(place, name);
    members.set(
      camelCase(name),
      Array.isArray(value)
        ? value.map((one, index) => code(one, `${at}.${index}`))
        : code(value, at),
    );
  }
  return inOrder(members, given);
}

/** Puts the members into the order of the table of types, so that names come first. */
function inOrder(members: ReadonlyMap<string, Code>, given: Arguments): ReadonlyMap<string, Code> {
  const first = Object.keys(given).map(camelCase);
  return new Map(
    [...members.entries()].sort(([one], [other]) => placeIn(first, one) - placeIn(first, other)),
  );
}

const placeIn = (names: readonly string[], name: string): number => {
  const place = names.indexOf(name);
  return place === -1 ? names.length : place;
};

function valueCode(
  type: TerraformType,
  value: Value,
  referenceCode: ReferenceCode,
  place: string,
): Code {
  if (typeof value === "string") return textCode(value);
  if (typeof value !== "object") return String(value);
  if (isReference(value) || isDangling(value)) return referenceCode(value, place);
  const [kind, inner] = typeof type === "string" ? [type] : type;
  if (Array.isArray(value)) {
    const element = kind === "list" || kind === "set" ? (inner as TerraformType) : "dynamic";
    return value.map((one, index) => valueCode(element, one, referenceCode, `${place}.${index}`));
  }
  const types = kind === "object" ? (inner as Readonly<Record<string, TerraformType>>) : {};
  return new Map(
    Object.entries(value as Arguments).map(([name, one]) => [
      kind === "map" ? mapKeyCode(name) : keyCode(camelCase(name)),
      valueCode(
        kind === "map" ? (inner as TerraformType) : (types[name] ?? "dynamic"),
        one,
        referenceCode,
        below(place, name),
      ),
    ]),
  );
}

/** Terraform takes the keys of maps for templates too. */
const mapKeyCode = (name: string): string => keyCode(JSON.parse(textCode(name)));

/** Returns a member's name, in quotes if it needs them. */
const keyCode = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name);

function emptyOf(type: TerraformType): Value | undefined {
  if (type === "string") return "";
  return isList(type) ? [] : undefined;
}

const isList = (type: TerraformType): boolean =>
  Array.isArray(type) && (type[0] === "list" || type[0] === "set");

const below = (place: string, name: string): string => (place === "" ? name : `${place}.${name}`);

/** Writes code on one line if it fits, else with a line for each member. */
function written(code: Code, indent: number, before: number): string {
  if (typeof code === "string") return code;
  const line = onOneLine(code);
  const isList = Array.isArray(code);
  // The outermost object always has lines of its own.
  if (before > 0 && indent + before + line.length < WIDTH) return line;
  const inner = indent + 2;
  const rows = isList
    ? code.map((one) => written(one, inner, 1))
    : [...(code as ReadonlyMap<string, Code>)].map(
        ([name, one]) => `${name}: ${written(one, inner, name.length + 3)}`,
      );
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${rows.map((row) => `${" ".repeat(inner)}${row},\n`).join("")}${" ".repeat(indent)}${close}`;
}

function onOneLine(code: Code): string {
  if (typeof code === "string") return code;
  if (Array.isArray(code)) return `[${code.map(onOneLine).join(", ")}]`;
  const members = [...(code as ReadonlyMap<string, Code>)].map(
    ([name, one]) => `${name}: ${onOneLine(one)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
