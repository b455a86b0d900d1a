import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { camelCase } from "../code/logical-ids";
import { argumentsOf, type Parameters } from "../code/parameters";
import { inTableOrder, splitArguments } from "../code/per-org";
import { parameterOf } from "../code/typescript";
import type { Arguments, ExistingObject } from "../model";
import { KNOWN_TYPES } from "../types";
import type { ChangedObject } from "./changes";

/** Where the values come from that differ between organisations by their nature. */
export interface ValueSources {
  /** Values that were given for this run, and those that the target's folder has. */
  readonly parameters: Parameters;
  /** Whether the source's values are taken. */
  readonly withValues: boolean;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** The arguments of a promoted object, and the values that it does not get. */
export interface PromotedArguments {
  readonly arguments: Arguments;
  /** Values that the provider requires. */
  readonly required: readonly string[];
  /** Other values that only the source has. */
  readonly optional: readonly string[];
}

/**
 * Returns the arguments of a promoted object: those of the source, with the values of the target where they differ
 * by their nature.
 *
 * @throws UserError if a parameter is none of the object's
 */
export function promotedArguments(
  { object, before }: ChangedObject,
  logicalId: string,
  { parameters, withValues, schema }: ValueSources,
): PromotedArguments {
  const { type } = object;
  const source = splitArguments(type, object.arguments);
  const taken = withValues ? source.perOrg : {};
  const perOrg =
    before?.id === undefined
      ? { ...taken, ...argumentsOf(schema, type, parameters[logicalId] ?? {}, logicalId) }
      : withValues
        ? taken
        : splitArguments(type, before.arguments).perOrg;
  const without = (KNOWN_TYPES.get(type)?.perOrg ?? []).filter((name) => !(name in perOrg));
  const required = without.filter((name) => isRequired(schema, type, name));
  const optional = without.filter((name) => !required.includes(name) && name in source.perOrg);
  return {
    arguments: inTableOrder(type, { ...source.common, ...perOrg }),
    required,
    optional: before?.id === undefined ? optional : [],
  };
}

/** Returns the source's values of an object as parameters, which shows the form that they have. */
export const formOf = (
  { type, arguments: given }: ExistingObject,
  names: readonly string[],
  schema: ProviderSchema,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    names.map((name) => {
      const { block } = schema.resource_schemas?.[type] ?? { block: {} };
      const value = given[name];
      return [camelCase(name), value === undefined ? "…" : parameterOf(block, name, value)];
    }),
  );

function isRequired(schema: ProviderSchema, type: string, name: string): boolean {
  const { attributes, block_types: blocks } = schema.resource_schemas?.[type]?.block ?? {};
  return attributes?.[name]?.required === true || (blocks?.[name]?.min_items ?? 0) > 0;
}
