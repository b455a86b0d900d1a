import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../../errors";
import type {
  BlockSchema,
  ProviderSchema,
  TerraformType,
} from "../../rehearsal/double/core/schema";
import type { Arguments, Value } from "../model";
import { KNOWN_TYPES } from "../types";
import { camelCase } from "./logical-ids";

/** Values that differ between organisations by their nature, by the logical ids of their objects. */
export type Parameters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Reads a file with parameters; none without the file. @throws UserError if it cannot be read */
export function readParameters(file: string): Parameters {
  if (!existsSync(file)) return {};
  const parameters = document(file);
  if (!isObject(parameters) || !Object.values(parameters).every(isObject)) {
    throw new UserError(
      `${file}: it must be an object with an object for each logical id: { "user-a": { "addresses": [] } }`,
    );
  }
  return parameters as Parameters;
}

/**
 * Returns parameters of an object as its arguments. It is the way back of `parameterOf`.
 *
 * @param place of the parameters, in messages
 * @throws UserError that names what the object does not have
 */
export function argumentsOf(
  provider: ProviderSchema,
  type: string,
  parameters: Readonly<Record<string, unknown>>,
  place: string,
): Arguments {
  const { plural = type, perOrg = [] } = KNOWN_TYPES.get(type) ?? {};
  const schema = provider.resource_schemas?.[type]?.block ?? {};
  return fromNames(
    parameters,
    perOrg,
    (name, value, at) => memberOf(schema, name, value, at),
    `${place}: a parameter of ${plural}`,
    place,
  );
}

function memberOf(schema: BlockSchema, name: string, value: unknown, place: string): Value {
  const nested = schema.block_types?.[name]?.block;
  if (!nested) return argumentValue(schema.attributes?.[name]?.type ?? "dynamic", value, place);
  const names = [...Object.keys(nested.attributes ?? {}), ...Object.keys(nested.block_types ?? {})];
  const block = (one: unknown, at: string): Value =>
    fromNames(
      membersOf(one, at),
      names,
      (inner, each, below) => memberOf(nested, inner, each, below),
      at,
      at,
    );
  return Array.isArray(value)
    ? value.map((one, index) => block(one, `${place}.${index}`))
    : block(value, place);
}

function argumentValue(type: TerraformType, value: unknown, place: string): Value {
  // The code has it in this form, so that Terraform does not take it for an expression.
  if (typeof value === "string") return value.replace(/([$%])\1\{/g, "$1{");
  if (typeof value === "number" || typeof value === "boolean") return value;
  const [kind, inner] = typeof type === "string" ? [type] : type;
  if (Array.isArray(value)) {
    const element = kind === "list" || kind === "set" ? (inner as TerraformType) : "dynamic";
    return value.map((one, index) => argumentValue(element, one, `${place}.${index}`));
  }
  const members = membersOf(value, place);
  if (kind !== "object") {
    const element = kind === "map" ? (inner as TerraformType) : "dynamic";
    return Object.fromEntries(
      Object.entries(members).map(([name, one]) => [
        name,
        argumentValue(element, one, `${place}.${name}`),
      ]),
    );
  }
  const types = inner as Readonly<Record<string, TerraformType>>;
  return fromNames(
    members,
    Object.keys(types),
    (name, one, at) => argumentValue(types[name] ?? "dynamic", one, at),
    place,
    place,
  );
}

/** Replaces the names that constructs have by those of Terraform. */
function fromNames(
  members: Readonly<Record<string, unknown>>,
  names: readonly string[],
  value: (name: string, one: unknown, place: string) => Value,
  what: string,
  place: string,
): Arguments {
  const byConstruct = new Map(names.map((name) => [camelCase(name), name]));
  return Object.fromEntries(
    Object.entries(members).map(([member, one]) => {
      const name = byConstruct.get(member);
      if (name !== undefined) return [name, value(name, one, `${place}.${member}`)];
      const choice = [...byConstruct.keys()].join(", ") || "nothing";
      throw new UserError(`${what} cannot be ${JSON.stringify(member)}: choose from ${choice}`);
    }),
  );
}

function membersOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new UserError(`${place}: ${JSON.stringify(value)} must be an object`);
}

function document(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
