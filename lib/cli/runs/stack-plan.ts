import {
  changedOutputs,
  digestOf,
  type PlanJson,
  plannedChanges,
} from "../../terraform/changes/planned-changes";
import { weakenedControls } from "../../terraform/changes/weakened-controls";
import type { OrgStackFolder } from "./for-each-org";
import type { StackPlan } from "./plan-summary";

/** Returns the plan of a stack without its values. */
export function stackPlanOf({ org, stack }: OrgStackFolder, plan: PlanJson): StackPlan {
  const changes = plannedChanges(plan);
  const outputs = changedOutputs(plan);
  const weakened = weakenedControls(plan);
  return { org: org.name, stack, changes, outputs, weakened, digest: digestOf(changes, outputs) };
}

/** Whether an apply of the plan would do nothing. */
export const isEmpty = ({ changes, outputs }: StackPlan): boolean =>
  changes.length === 0 && outputs.length === 0;
