import type { PolicyRule } from "../rule";
import { asText } from "../synthesized-stack";

const GUARD = "genesyscloud_organizations_me";
const PROBE = "genesyscloud.probe";

/** The guard of an org's stack is in force for all that it does in Genesys Cloud. */
export const wrongOrgGuard: PolicyRule = {
  id: "GO-WRONG-ORG-GUARD",
  severity: "error",
  title: "Everything in Genesys Cloud goes through a provider that the guard covers",
  reason:
    "A credential of another organisation is refused by an expression in the provider's client id; a configuration without it, or the probe itself, would work in whatever organisation the credential is for.",
  fix: "Use the stack's own genesyscloud provider, and leave its credentials as OrgStack wrote them.",
  *check(stack, { org }) {
    if (!org) return;
    for (const provider of stack.providers.filter(({ name }) => name === "genesyscloud")) {
      const { alias, oauthclient_id, access_token } = provider.body;
      if (access_token !== undefined) {
        yield {
          at: provider,
          message: "access_token makes the provider ignore the guarded client",
        };
      }
      if (alias === "probe") continue;
      if (!asText(oauthclient_id)?.includes(`data.${GUARD}.`)) {
        yield { at: provider, message: `oauthclient_id does not depend on data.${GUARD}` };
      }
    }
    for (const block of stack.blocks) {
      const provider = asText(block.body.provider)?.replace(/^\$\{(.*)\}$/, "$1");
      if (provider !== PROBE || (block.section === "data" && block.type === GUARD)) continue;
      yield { at: block, message: `provider ${PROBE} is for data.${GUARD} alone` };
    }
  },
};
