import type { LeftOut } from "../../../existing/adopt/adopt";
import { pathText } from "../../../existing/model";
import { KNOWN_TYPES } from "../../../existing/types";
import { onOneLine } from "../../terminal/printable";

/** Objects of one reason that are listed by name. */
const MOST_NAMES = 10;

/** Returns the objects that got no code, by the reason. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { object, reason } of leftOut) {
    const name = `${KNOWN_TYPES.get(object.type)?.plural}: ${onOneLine(pathText(object.path))}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => {
    const more = names.length - MOST_NAMES;
    const listed = names.slice(0, MOST_NAMES).join(", ");
    return `left out, ${reason}: ${listed}${more > 0 ? `, and ${more} more` : ""}`;
  });
}
