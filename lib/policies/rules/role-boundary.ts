import { roleNamesOf } from "../../registry/names";
import type { PolicyRule } from "../rule";
import { asText } from "../synthesized-stack";

/** The roles of an org's rotation are within the org's boundary. */
export const roleBoundary: PolicyRule = {
  id: "GO-ROLE-BOUNDARY",
  severity: "error",
  title: "The roles of the rotation have a permissions boundary",
  reason:
    "Without the boundary, anyone who changes a role's policy in this stack gives the functions any permission in the account.",
  fix: "Do not override permissions_boundary. Set another boundary with aws.permissionsBoundary of the registry.",
  *check(stack, { org }) {
    if (org?.permissionsBoundary === undefined) return;
    const { rotator, reconciler, scheduler } = roleNamesOf(org.name);
    for (const at of stack.resources("aws_iam_role")) {
      const { name, permissions_boundary } = at.body;
      if (![rotator, reconciler, scheduler].includes(asText(name) ?? "")) continue;
      if (!asText(permissions_boundary)) {
        yield {
          at,
          message: `role ${name} has no permissions_boundary; the registry has ${org.permissionsBoundary}`,
        };
      }
    }
  },
};
