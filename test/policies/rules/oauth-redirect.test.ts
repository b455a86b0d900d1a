import { oauthRedirect } from "../../../lib/policies/rules/oauth-redirect";
import { findingsOf, messagesOf, oauthClient, orgStack } from "../../support/synthesized-stack";

function client(authorized_grant_type: string, registered_redirect_uris?: unknown) {
  return orgStack(oauthClient({ authorized_grant_type, registered_redirect_uris }));
}

describe("GO-OAUTH-REDIRECT", () => {
  test.each([
    "https://crm.example.com/callback",
    "http://localhost:8080/callback",
    "http://127.0.0.1/",
    "http://[::1]:3000",
    "com.example.crm:/callback",
    "${aws_apigatewayv2_api.crm.api_endpoint}/callback",
  ])("accepts %s", (uri) => {
    expect(findingsOf(oauthRedirect, client("CODE", [uri]))).toEqual([]);
  });

  test("accepts client credentials without redirect URIs", () => {
    expect(findingsOf(oauthRedirect, client("CLIENT-CREDENTIALS"))).toEqual([]);
  });

  test.each([
    ["CODE", "CODE"],
    ["TOKEN", "TOKEN"],
    ["SAML2BEARER", "SAML2BEARER"],
    ["SAML2-BEARER", "SAML2BEARER"],
  ])("refuses grant %s without redirect URIs", (grant, shown) => {
    const message = `grant ${shown} has no registered_redirect_uris`;
    expect(messagesOf(oauthRedirect, client(grant))).toEqual([message]);
    expect(messagesOf(oauthRedirect, client(grant, []))).toEqual([message]);
  });

  test("accepts an expression in place of a list", () => {
    expect(findingsOf(oauthRedirect, client("CODE", "${var.redirect_uris}"))).toEqual([]);
  });

  test.each([
    ["http://crm.example.com/callback", "is not encrypted"],
    ["http://localhost.example.com/", "is not encrypted"],
    ["HTTP://crm.example.com/", "is not encrypted"],
    ["https://*.example.com/callback", "has a wildcard"],
  ])("refuses %s", (uri, why) => {
    const uris = ["https://crm.example.com/callback", uri];
    expect(messagesOf(oauthRedirect, client("CODE", uris))).toEqual([
      `redirect URI "${uri}" ${why}`,
    ]);
  });
});
