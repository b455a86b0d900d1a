import { counted } from "../../../counted";
import { objectText, type PromotedObject } from "../../../existing/promote/promote";
import { DRY_RUN } from "../../terminal/options";
import { onOneLine } from "../../terminal/printable";
import { leftOutLines } from "../adopt/left-out-lines";
import type { PromotedOrg, PromoteOrgProps } from "./promote-org";

/** Differences of one object that are listed. */
const MOST_DIFFERENCES = 8;
/** Objects without values of their own that are listed. */
const MOST_WITHOUT = 10;

/** Returns what was promoted, what needs what, and what was left out. */
export function promotionText(props: PromoteOrgProps, promotion: PromotedOrg): string {
  const { from, to } = props;
  const { promoted, folder, leftOut, undeployed, gone } = promotion;
  const written = promotion.changes.filter(({ change }) => change !== "unchanged");
  const without = promoted.filter(({ withoutValues }) => Object.keys(withoutValues).length > 0);
  return [
    promoted.length === 0
      ? `nothing to promote: ${to} has all that was chosen of ${from}, or its code in ${folder} does`
      : `${counted(promoted.length, "object")} of ${from} ${props.dryRun ? "would go" : "went"} into the code of ${to} in ${folder}`,
    ...promoted.map((one) => `  ${lineOf(one)}`),
    ...written.map(({ file, change }) => `  ${change}: ${file}`),
    ...leftOutLines(leftOut),
    ...withoutLines(props, without),
    ...(undeployed.length === 0
      ? []
      : [`promoted before, and not deployed yet: ${undeployed.join(", ")}`]),
    ...gone.map(
      (logicalId) =>
        `note: ${logicalId} cannot be taken over in ${to} any more, and has no code now`,
    ),
    ...(props.dryRun ? [DRY_RUN] : []),
    "",
  ].join("\n");
}

function withoutLines({ from, to }: PromoteOrgProps, without: readonly PromotedObject[]): string[] {
  if (without.length === 0) return [];
  const more = without.length - MOST_WITHOUT;
  const listed = without
    .slice(0, MOST_WITHOUT)
    .map(
      ({ object, withoutValues }) => `${Object.keys(withoutValues).join(", ")} of ${text(object)}`,
    )
    .join("; ");
  return [
    `left out, since they differ between organisations: ${listed}${more > 0 ? `; and of ${more} more` : ""}`,
    `  give those of ${to} with --parameters, in the form that --json shows, or take those of ${from} with --with-values`,
  ];
}

const text = (object: PromotedObject["object"]): string => onOneLine(objectText(object));

function lineOf({ object, change, differences, neededBy, isImported }: PromotedObject): string {
  const more = differences.length - MOST_DIFFERENCES;
  const listed = differences.slice(0, MOST_DIFFERENCES).map(onOneLine).join(", ");
  return [
    `${change}: ${text(object)}`,
    ...(differences.length > 0 ? [`: ${listed}${more > 0 ? `, and ${more} more` : ""}`] : []),
    ...(neededBy ? [`, needed by ${text(neededBy)}`] : []),
    ...(isImported ? [" (had no code, is imported)"] : []),
  ].join("");
}

/** Returns the same for `--json`. */
export function promotionDocument(props: PromoteOrgProps, promotion: PromotedOrg): object {
  const { promoted, folder, changes, leftOut, undeployed, gone } = promotion;
  return {
    from: props.from,
    to: props.to,
    folder,
    promoted: promoted.map(({ object: { type, path }, neededBy, withoutValues, ...one }) => ({
      type,
      path,
      ...one,
      ...(neededBy && { neededBy: { type: neededBy.type, path: neededBy.path } }),
    })),
    leftOut: leftOut.map(({ object: { type, path }, reason }) => ({ type, path, reason })),
    // In the form of a file for --parameters.
    withoutValues: Object.fromEntries(
      promoted
        .filter(({ withoutValues }) => Object.keys(withoutValues).length > 0)
        .map(({ logicalId, withoutValues }) => [logicalId, withoutValues]),
    ),
    undeployed,
    gone,
    changes,
  };
}
