import type { LeftOut } from "../../../existing/adopt/adopt";
import { pathText } from "../../../existing/model";
import { KNOWN_TYPES } from "../../../existing/types";
import { onOneLine } from "../../terminal/printable";
import { shortList } from "../../terminal/short-list";

/** Returns the objects that got no code, by the reason. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const byReason = new Map<string, LeftOut["object"][]>();
  for (const { object, reason } of leftOut) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), object]);
  }
  return [...byReason].map(([reason, objects]) => {
    // The type is named once, before the first of its objects.
    const names = objects.map(({ type, path }, index) => {
      const name = onOneLine(pathText(path));
      const isFirst = objects[index - 1]?.type !== type;
      return isFirst ? `${KNOWN_TYPES.get(type)?.plural}: ${name}` : name;
    });
    return `left out, ${reason}: ${shortList(names)}`;
  });
}
