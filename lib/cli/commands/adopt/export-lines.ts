import { counted } from "../../../counted";
import { KNOWN_TYPES } from "../../../existing/types";
import { onOneLine } from "../../terminal/printable";
import { shortList } from "../../terminal/short-list";
import type { ExportSource } from "./adopt-org";

/** Returns what of an export got no code, and what else is to know about it. */
export function exportLines(name: string, source: ExportSource): string[] {
  const { leftOut, leftOutArguments, otherTypes, more, moved, unusedState, withoutCode } = source;
  const byReason = new Map<string, string[]>();
  const types = Object.entries(otherTypes).map(([type, count]) => `${count} ${type}`);
  if (types.length > 0) byReason.set("types that adopt does not know", types);
  for (const { address, reason } of leftOut) add(byReason, reason, address);
  const arguments_ = new Map<string, string[]>();
  for (const { address, argument, reason } of leftOutArguments) {
    add(arguments_, `${reason}: ${address.split(".")[0]}.${argument}`, address);
  }
  const others = Object.entries(more).map(
    ([type, count]) => `${count} ${KNOWN_TYPES.get(type)?.plural}`,
  );
  return [
    ...[...byReason].map(([reason, names]) => `left out, ${reason}: ${shortList(names)}`),
    ...[...arguments_].map(
      ([what, addresses]) => `argument left out, ${what}, of ${shortList(addresses)}`,
    ),
    ...(others.length > 0 ? [`note: ${name} has more than the export: ${others.join(", ")}`] : []),
    ...(moved > 0 ? [`note: ${counted(moved, "object")} of the state move to new addresses`] : []),
    ...(unusedState === undefined
      ? []
      : [
          `note: the objects are imported. To take the export's state over in place of that, run \`genesys-orgs state migrate ${name} --from ${unusedState} --replace-providers\`, and then this command again`,
        ]),
    ...(withoutCode.length > 0
      ? [
          `warning: a deploy would destroy what the state has and the code does not: ${shortList(withoutCode)}. Write code for it, or take it out of the state: \`terraform state rm\` in the folder of the stack`,
        ]
      : []),
  ].map(onOneLine);
}

function add(lists: Map<string, string[]>, key: string, item: string): void {
  lists.set(key, [...(lists.get(key) ?? []), item]);
}
