import { allow, type PolicyStatement } from "../../aws/policy-document";

/** What Terraform asks of one kind of resource. */
export interface Need {
  readonly sid: string;
  readonly resources: readonly string[];
  /** To plan. */
  readonly read: readonly string[];
  /** To apply and to destroy. */
  readonly write: readonly string[];
  readonly condition?: PolicyStatement["Condition"];
}

export const statement = (
  { sid, resources, condition }: Need,
  actions: readonly string[],
): PolicyStatement => allow(sid, [...actions].sort(), resources, condition);
