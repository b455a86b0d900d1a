import { grantOf, isInteractive, oauthClients } from "../oauth-clients";
import type { PolicyRule } from "../rule";
import { asList, isExpression } from "../synthesized-stack";

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?([/?]|$)/i;

/** Interactive clients register the addresses that users may be sent back to. */
export const oauthRedirect: PolicyRule = {
  id: "GO-OAUTH-REDIRECT",
  severity: "error",
  title: "Interactive OAuth clients register exact HTTPS redirect URIs",
  reason:
    "Genesys Cloud sends codes and tokens to the redirect URI. Anyone who can choose it, or read its traffic, gets them.",
  fix: "List each address in registered_redirect_uris in full, with https (http only for localhost).",
  *check(stack) {
    for (const client of oauthClients(stack)) {
      const uris = asList(client.body.registered_redirect_uris).map(String);
      if (uris.length === 0 && isInteractive(client)) {
        yield { at: client, message: `grant ${grantOf(client)} has no registered_redirect_uris` };
      }
      for (const uri of uris) {
        if (isExpression(uri)) continue;
        if (uri.includes("*")) {
          yield { at: client, message: `redirect URI "${uri}" has a wildcard` };
        } else if (/^http:/i.test(uri) && !LOOPBACK.test(uri)) {
          yield { at: client, message: `redirect URI "${uri}" is not encrypted` };
        }
      }
    }
  },
};
