import { oauthRole } from "../../../lib/policies/rules/oauth-role";
import { block, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

function role(body: Record<string, unknown>) {
  return orgStack(block("resource", "genesyscloud_auth_role", { name: "CRM sync", ...body }));
}

function policy(domain: string, entity_name: string, ...action_set: string[]) {
  return { domain, entity_name, action_set };
}

describe("GO-OAUTH-ROLE", () => {
  test("accepts named permissions", () => {
    const stack = role({
      permission_policies: [
        policy("routing", "queue", "view", "edit"),
        policy("administration", "badge", "view"),
      ],
      permissions: ["group_creation"],
      default_role_id: "employee",
    });
    expect(findingsOf(oauthRole, stack)).toEqual([]);
  });

  test.each([
    [policy("*", "queue", "view"), "*:queue:view"],
    [policy("routing", "*", "view"), "routing:*:view"],
    [policy("routing", "queue", "view", "*"), "routing:queue:view,*"],
  ])("refuses a wildcard: %j", (permission, shown) => {
    expect(messagesOf(oauthRole, role({ permission_policies: [permission] }))).toEqual([
      `permission policy "${shown}" has a wildcard`,
    ]);
  });

  test("looks into dynamic blocks and single blocks", () => {
    const wildcard = policy("routing", "queue", "*");
    const dynamic = { permission_policies: { for_each: ["a"], content: wildcard } };
    expect(findingsOf(oauthRole, role({ dynamic }))).toHaveLength(1);
    expect(findingsOf(oauthRole, role({ permission_policies: wildcard }))).toHaveLength(1);
  });

  test.each([
    ["routing:*", 'permission "routing:*" has a wildcard'],
    ["admin", 'permission "admin" is an admin permission'],
  ])("refuses the permission %s", (permission, message) => {
    expect(messagesOf(oauthRole, role({ permissions: [permission] }))).toEqual([message]);
  });

  test.each(["admin", "Admin", "masterAdmin"])("refuses the default role %s", (id) => {
    expect(messagesOf(oauthRole, role({ default_role_id: id }))).toEqual([
      `default_role_id "${id}" makes it the admin role`,
    ]);
  });

  test.each(["admin", "Master Admin", "Telephony Admin", "master-administrator"])(
    "refuses to look up the role %s",
    (name) => {
      const stack = orgStack(block("data", "genesyscloud_auth_role", { name }));
      expect(messagesOf(oauthRole, stack)).toEqual([`looks up the admin role "${name}"`]);
    },
  );

  test.each(["employee", "CRM sync", "Badminton club", "Administration viewer"])(
    "accepts to look up the role %s",
    (name) => {
      const stack = orgStack(block("data", "genesyscloud_auth_role", { name }));
      expect(findingsOf(oauthRole, stack)).toEqual([]);
    },
  );
});
