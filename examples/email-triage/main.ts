import {
  AccessStack,
  HomeStack,
  OrgStateAccess,
  StateHome,
  synthesizeOrgs,
  UserError,
} from "cdktf-genesys-orgs";
import { loadRegistry } from "./orgs";
import { settings } from "./settings";
import { EmailTriageStack } from "./stacks/email-triage-stack";

synthesizeOrgs(loadRegistry, (app) => {
  const { homes, orgsInHomes, orgs, registry } = app;
  for (const home of homes) {
    new StateHome(new HomeStack(app, home), "home", { home, orgs: registry.orgs });
  }
  for (const org of orgsInHomes) new OrgStateAccess(new AccessStack(app, org), "access", { org });
  for (const org of orgs) {
    const own = settings[org.name];
    if (!own) throw new UserError(`${org.name}: settings.ts has no settings of this organisation`);
    new EmailTriageStack(app, org, own);
  }
});
