import type { PolicyRule } from "../rule";
import { asList, asText, nestedBlocks } from "../synthesized-stack";

/** Names of admin roles: admin, Master Admin, "Telephony Admin", master-administrator. */
const ADMIN = /admin(istrator)?s?$/i;

/** No wildcards in roles, and no admin roles. */
export const oauthRole: PolicyRule = {
  id: "GO-OAUTH-ROLE",
  severity: "error",
  title: "Roles list their permissions, and none is an admin role",
  reason:
    "A wildcard also grants what Genesys Cloud adds later, and a client with an admin role controls the whole organisation.",
  fix: "List the domain, the entity and the actions that the service needs.",
  *check(stack) {
    for (const role of stack.resources("genesyscloud_auth_role")) {
      for (const { domain, entity_name, action_set } of nestedBlocks(
        role.body,
        "permission_policies",
      )) {
        const policy = `${domain}:${entity_name}:${asList(action_set).join(",")}`;
        if ([domain, entity_name, ...asList(action_set)].includes("*")) {
          yield { at: role, message: `permission policy "${policy}" has a wildcard` };
        }
      }
      for (const permission of asList(role.body.permissions).map(String)) {
        if (permission.includes("*")) {
          yield { at: role, message: `permission "${permission}" has a wildcard` };
        } else if (ADMIN.test(permission)) {
          yield { at: role, message: `permission "${permission}" is an admin permission` };
        }
      }
      const basis = asText(role.body.default_role_id);
      if (basis && ADMIN.test(basis)) {
        yield { at: role, message: `default_role_id "${basis}" makes it the admin role` };
      }
    }
    for (const role of stack.data("genesyscloud_auth_role")) {
      const name = asText(role.body.name);
      if (name && ADMIN.test(name)) {
        yield {
          at: role,
          message: `looks up the admin role "${name}"`,
          fix: "Define a role of its own for the service, with genesyscloud_auth_role.",
        };
      }
    }
  },
};
