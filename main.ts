import { synthesizeOrgs } from "./lib";
import { loadRegistry } from "./orgs";
import { ContactCenterStack } from "./stacks/contact-center-stack";
import { OrgStateAccessStack } from "./stacks/org-state-access";
import { OrgVaultAccessStack } from "./stacks/org-vault-access";
import { StateHomeStack } from "./stacks/state-home";

synthesizeOrgs(loadRegistry, (app) => {
  for (const home of app.homes) new StateHomeStack(app, home, app.registry.orgs);
  for (const org of app.orgsInHomes) new OrgStateAccessStack(app, org);
  for (const org of app.orgsInHomes) {
    if (org.vault) new OrgVaultAccessStack(app, org);
  }
  for (const org of app.orgs) new ContactCenterStack(app, org);
});
