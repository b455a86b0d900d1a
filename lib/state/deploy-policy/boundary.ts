import type { PolicyStatement } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { executionPolicy, schedulerPolicy } from "../../rotation/execution-policies";
import { arnOf, ROTATION_FUNCTIONS } from "../../rotation/rotation-names";
import { masterArnPattern } from "./secrets";

/**
 * Returns the boundary of the roles that an org's stack creates: the permissions of its functions
 * and its schedule. Without it, anyone who applies could give such a role any policy, and then use
 * it.
 */
export const boundaryPolicy = (org: Org): PolicyStatement[] =>
  ROTATION_FUNCTIONS.flatMap((part) =>
    executionPolicy(org, part, masterArnPattern(org), arnOf(org, "kms", "key/*")),
  )
    .concat(schedulerPolicy(org))
    .filter(
      (allowed, index, all) =>
        // Of two that allow the same, the first.
        !all.some((other, at) => covers(other, allowed) && (at < index || !covers(allowed, other))),
    )
    .map((allowed, index) => ({ ...allowed, Sid: `${allowed.Sid}${index}` }));

/** Whether a statement allows all that another one allows: AWS limits the size of a policy. */
function covers(one: PolicyStatement, other: PolicyStatement): boolean {
  if (one === other || one.Effect !== other.Effect) return false;
  const has = (all: unknown, each: unknown) => [all].flat().includes(each);
  const conditions = Object.entries(one.Condition ?? {});
  return (
    [other.Action].flat().every((action) => has(one.Action, action)) &&
    [other.Resource].flat().every((resource) => has(one.Resource, resource)) &&
    conditions.every(
      ([operator, value]) => JSON.stringify(value) === JSON.stringify(other.Condition?.[operator]),
    )
  );
}
