import { oauthScope } from "../../../lib/policies/rules/oauth-scope";
import { findingsOf, messagesOf, oauthClient, orgStack } from "../../support/synthesized-stack";

function withScopes(scopes: string[], authorized_grant_type = "CODE") {
  return orgStack(oauthClient({ authorized_grant_type, scopes }));
}

describe("GO-OAUTH-SCOPE", () => {
  test("accepts narrow and read-only scopes", () => {
    const stack = withScopes(["users:readonly", "routing", "user-basic-info", "oauth:readonly"]);
    expect(findingsOf(oauthScope, stack)).toEqual([]);
  });

  test.each([
    ["authorization", "grants roles and divisions to anyone"],
    ["oauth", "creates OAuth clients and new secrets for existing ones"],
    ["users", "creates users and changes their passwords and roles"],
    ["organization", "changes settings of the whole organisation"],
    ["*", "means every scope"],
  ])("refuses the broad scope %s", (scope, why) => {
    expect(messagesOf(oauthScope, withScopes(["routing:readonly", scope]))).toEqual([
      `scope "${scope}" ${why}`,
    ]);
  });

  test("reports each broad scope", () => {
    expect(messagesOf(oauthScope, withScopes(["oauth", "users", "scim"], "TOKEN"))).toHaveLength(3);
  });

  test.each(["CLIENT-CREDENTIALS", "CLIENT_CREDENTIALS"])(
    "refuses scopes with grant %s, where they mean nothing",
    (grant) => {
      expect(findingsOf(oauthScope, withScopes(["users:readonly"], grant))).toMatchObject([
        {
          message:
            "scopes (users:readonly) have no effect on a client with grant CLIENT-CREDENTIALS",
          fix: "Leave scopes out; restrict the client by its roles.",
        },
      ]);
    },
  );

  test("accepts client credentials without scopes", () => {
    expect(findingsOf(oauthScope, orgStack(oauthClient({ scopes: [] })))).toEqual([]);
  });
});
