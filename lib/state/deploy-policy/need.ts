import { allow, type PolicyStatement } from "../../aws/policy-document";

/** The actions that Terraform needs on one kind of resource. */
export interface Need {
  readonly sid: string;
  readonly resources: readonly string[];
  /** Actions to plan. */
  readonly read: readonly string[];
  /** Further actions to apply and to destroy. */
  readonly write: readonly string[];
  readonly condition?: PolicyStatement["Condition"];
}

/** Returns the statement that allows some of the actions. */
export const statement = (
  { sid, resources, condition }: Need,
  actions: readonly string[],
): PolicyStatement => allow(sid, [...actions].sort(), resources, condition);
