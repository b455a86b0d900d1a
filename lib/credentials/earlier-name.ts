import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { earlierNameWarning } from "../registry/classification";
import type { ClassificationEntry } from "../registry/model";

/** Warns at each synthesis of a sensitivity that has the name of an earlier release. */
export function warnOfEarlierName(
  scope: Construct,
  classification: ClassificationEntry | undefined,
): void {
  const warning = earlierNameWarning(classification?.sensitivity);
  if (warning !== undefined) Annotations.of(scope).addWarning(warning);
}
