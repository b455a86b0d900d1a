import { counted } from "../../../counted";
import type { Destruction } from "./destruction";

/** Names of objects of one type that are listed. */
const MOST_NAMES = 8;

/** Returns what a destroy would end, by stack and type, and what stays. */
export function destroyText(
  org: string,
  plans: readonly Destruction[],
  remains: readonly string[],
): string {
  const count = plans.reduce((sum, { objects }) => sum + objects.length, 0);
  return [
    `${org}: ${counted(count, "object")} to destroy`,
    ...plans.flatMap(({ stack, objects }) => [
      `  ${stack}: ${counted(objects.length, "object")}`,
      ...[...byType(objects)].map(([type, names]) => `    ${names.length} ${type}: ${some(names)}`),
    ]),
    "stays:",
    ...remains.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Names by type; an object in a module has its whole address. */
function byType(objects: Destruction["objects"]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { type, address } of [...objects].sort((one, other) =>
    one.type < other.type ? -1 : 1,
  )) {
    const name = address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address;
    types.set(type, [...(types.get(type) ?? []), name]);
  }
  return types;
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
