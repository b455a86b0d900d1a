import type { StackDiff } from "./stack-diff";

/** What a difference means for those who approve it. */
export type Risk = "nothing" | "changes" | "destroys" | "weakens";

/** Exit codes by risk, the least first. A command that fails has 1. */
export const EXIT_CODES: Readonly<Record<Risk, number>> = {
  nothing: 0,
  changes: 2,
  destroys: 3,
  weakens: 4,
};

/** Returns the worst that the stacks' differences mean. */
export function riskOf(stacks: readonly StackDiff[]): Risk {
  if (stacks.some(({ weakened }) => weakened.length > 0)) return "weakens";
  if (stacks.some(destroys)) return "destroys";
  return stacks.length > 0 ? "changes" : "nothing";
}

/** Whether objects would be destroyed, or would no longer be managed. */
const destroys = ({ status, changes }: StackDiff): boolean =>
  status === "removed" ||
  changes.some(
    ({ isResource, action }) => isResource && (action === "delete" || action === "replace"),
  );
