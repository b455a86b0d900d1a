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
      ({ Sid, Resource }, index, all) =>
        all.findIndex((other) => other.Sid === Sid && `${other.Resource}` === `${Resource}`) ===
        index,
    )
    .map((allowed, index) => ({ ...allowed, Sid: `${allowed.Sid}${index}` }));
