import { oauthTokenLifetime } from "../../../lib/policies/rules/oauth-token-lifetime";
import { findingsOf, messagesOf, oauthClient, orgStack } from "../../support/synthesized-stack";

function lifetime(access_token_validity_seconds: unknown) {
  return orgStack(oauthClient({ access_token_validity_seconds }));
}

describe("GO-OAUTH-TOKEN-LIFETIME", () => {
  test.each([300, 3600, 172_800, "86400", undefined, "${var.lifetime}"])(
    "accepts %p",
    (seconds) => {
      expect(findingsOf(oauthTokenLifetime, lifetime(seconds))).toEqual([]);
    },
  );

  test.each([299, 172_801, 38_880_000, "0", "a day"])("refuses %p", (seconds) => {
    expect(messagesOf(oauthTokenLifetime, lifetime(seconds))).toEqual([
      `access_token_validity_seconds is ${seconds}`,
    ]);
  });
});
