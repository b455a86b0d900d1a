// The whole app of a registry without code, for `"app"` in cdktf.json:
// `node --require cdktf-genesys-orgs/app --eval 0`. Loaded, it synthesizes the organisations of the
// folder orgs/, with their homes and the credentials of their entries.
import { BrokeredOAuthClient } from "./credentials/brokered-oauth-client";
import { ManagedSecret } from "./credentials/managed-secret";
import { OAuthClientWithOffloadedSecret } from "./credentials/oauth-client-with-offloaded-secret";
import { OrgStack } from "./org/org-stack";
import { synthesizeOrgs } from "./org/orgs-app";
import { OrgRegistry } from "./registry";
import { OrgStateAccess } from "./state/org-state-access";
import { StateHome } from "./state/state-home";
import { AccessStack, HomeStack, VaultAccessStack } from "./state/state-stack";
import { VaultGenesysEngine } from "./vault/constructs/vault-genesys-engine";

synthesizeOrgs(
  () => OrgRegistry.load("orgs"),
  (app) => {
    const { homes, orgsInHomes, orgs, registry } = app;
    for (const home of homes) {
      new StateHome(new HomeStack(app, home), "home", { home, orgs: registry.orgs });
    }
    for (const org of orgsInHomes) {
      new OrgStateAccess(new AccessStack(app, org), "access", { org });
      if (org.brokeredClients.length === 0) continue;
      new VaultGenesysEngine(new VaultAccessStack(app, org), "engine", { org });
    }
    for (const org of orgs) {
      const stack = new OrgStack(app, org);
      for (const client of org.oauthClients) {
        new OAuthClientWithOffloadedSecret(stack, client.name, client);
      }
      for (const client of org.brokeredClients) {
        new BrokeredOAuthClient(stack, client.name, client);
      }
      for (const secret of org.secrets) new ManagedSecret(stack, secret.name, { secret });
    }
  },
);
