import { synthesizeOrgs } from "./lib";
import { loadRegistry } from "./orgs";
import { ContactCenterStack } from "./stacks/contact-center-stack";

synthesizeOrgs(loadRegistry, (app) => {
  for (const org of app.orgs) new ContactCenterStack(app, org);
});
