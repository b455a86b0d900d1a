import type { Arguments, Value } from "../model";
import { KNOWN_TYPES } from "../types";

/** Whether an argument's values differ between organisations by their nature, like phone numbers. */
export const differsByNature = (type: string, name: string): boolean =>
  KNOWN_TYPES.get(type)?.perOrg?.includes(name) ?? false;

/** Separates the arguments whose values differ between organisations by their nature. */
export function splitArguments(
  type: string,
  given: Arguments,
): { readonly common: Arguments; readonly perOrg: Arguments } {
  const common: Record<string, Value> = {};
  const perOrg: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given)) {
    (differsByNature(type, name) ? perOrg : common)[name] = value;
  }
  return { common, perOrg };
}

/** Returns arguments in the order of the table of types, so that the same ones give the same code. */
export function inTableOrder(type: string, given: Arguments): Arguments {
  const names = Object.keys(KNOWN_TYPES.get(type)?.mapping ?? {});
  return Object.fromEntries(
    Object.entries(given).sort(([one], [other]) => names.indexOf(one) - names.indexOf(other)),
  );
}
