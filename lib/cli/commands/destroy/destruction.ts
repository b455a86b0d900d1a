import type { OrgReport } from "../../../registry/report";
import { functionNameOf } from "../../../rotation/rotation-names";
import type { PlanJson, ResourceChange } from "../../../terraform/changes/planned-changes";

/** An object that a destroy is about. */
export interface DestroyedObject {
  readonly address: string;
  readonly type: string;
  /** The values that matter here: its name, and what happens to it. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The plan to destroy one stack. */
export interface Destruction {
  readonly stack: string;
  readonly objects: readonly DestroyedObject[];
  /** Objects that leave the state and stay where they are. */
  readonly forgotten: readonly DestroyedObject[];
}

/** Returns what a destroy plan would do. */
export function destructionOf(stack: string, { resource_changes = [] }: PlanJson): Destruction {
  const managed = resource_changes.filter(({ mode }) => mode === "managed");
  const those = (action: string) =>
    managed.filter(({ change }) => change.actions.includes(action)).map(objectOf);
  return { stack, objects: those("delete"), forgotten: those("forget") };
}

/** Whether a plan destroys the function that retires the org's clients. */
export const endsReconciler = (org: OrgReport, { objects }: Destruction): boolean =>
  objects.some(
    ({ type, values }) =>
      type === "aws_lambda_function" && values.function_name === functionNameOf(org, "reconciler"),
  );

const objectOf = ({ address, type, change }: ResourceChange): DestroyedObject => ({
  address,
  type,
  values: (change.before ?? {}) as DestroyedObject["values"],
});
