import { counted } from "../../../counted";
import type { Condition } from "../../runs/approval";
import { countsOf, type StackPlan } from "../../runs/plan-summary";
import { countsText } from "../../runs/plan-text";
import { isEmpty } from "../../runs/stack-plan";
import type { Io } from "../../terminal/io";

/**
 * How the changes of a deploy are approved: by what was reviewed, an option, a condition, a person, or
 * not at all, since nobody can be asked.
 */
export type Approval =
  | { readonly kind: "reviewed" | "by option" | "by hand" | "none" }
  | { readonly kind: "by condition"; readonly condition: Condition };

/** Returns the plans that may be applied; those without changes always may. */
export async function approvedOf(
  io: Io,
  approval: Approval,
  plans: readonly StackPlan[],
): Promise<readonly StackPlan[]> {
  const changing = plans.filter((plan) => !isEmpty(plan));
  if (approval.kind === "by option" || approval.kind === "reviewed") return plans;
  if (approval.kind === "by condition") {
    return plans.filter((plan) => isEmpty(plan) || approval.condition(countsOf([plan])));
  }
  if (changing.length === 0) return plans;
  const what = `${counted(changing.length, "stack")} (${countsText(countsOf(changing))})`;
  return (await confirms(io, `Apply these changes to ${what}?`))
    ? plans
    : plans.filter((plan) => isEmpty(plan));
}

/** Asks a question that only `yes` answers with yes; nobody can be asked without a terminal. */
export async function confirms(io: Io, question: string): Promise<boolean> {
  return (await io.ask?.(`${question} Only "yes" is accepted: `))?.trim() === "yes";
}
