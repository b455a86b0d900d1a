import { oauthShared } from "../../../lib/policies/rules/oauth-shared";
import { findingsOf, messagesOf, oauthClient, orgStack } from "../../support/synthesized-stack";

describe("GO-OAUTH-SHARED", () => {
  test("accepts clients of the org's own environment", () => {
    const stack = orgStack(oauthClient(), oauthClient({ name: "Production-Wfm" }, "wfm"));
    expect(findingsOf(oauthShared, stack)).toEqual([]);
  });

  test("refuses a client of another environment", () => {
    expect(messagesOf(oauthShared, orgStack(oauthClient({ name: "Staging-CrmSync" })))).toEqual([
      '"Staging-CrmSync" is a client for Staging, but org na-prod is production',
    ]);
  });

  test("accepts any environment in a stack outside of the orgs", () => {
    const stack = orgStack(oauthClient({ name: "Staging-CrmSync" }));
    expect(findingsOf(oauthShared, stack, {})).toEqual([]);
  });

  test("refuses the same client twice, and names the first", () => {
    const stack = orgStack(oauthClient({}, "first"), oauthClient({}, "second"));
    expect(findingsOf(oauthShared, stack)).toMatchObject([
      {
        address: "genesyscloud_oauth_client.second",
        message: '"Production-CrmSync" is also the name of genesyscloud_oauth_client.first',
      },
    ]);
  });

  test("leaves a name without a label to GO-OAUTH-NAME", () => {
    expect(findingsOf(oauthShared, orgStack(oauthClient({ name: "crm" })))).toEqual([]);
  });
});
