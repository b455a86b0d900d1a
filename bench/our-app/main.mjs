// Our side of the benchmark: the work of scripts/app.mjs and main.ts, with a registry in YAML. It
// brings dist/ up to date first, as every synthesis of this project does; this time counts.
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildOrExit, root } from "../../scripts/build.mjs";

await buildOrExit(() => {});
const require = createRequire(import.meta.url);
const { OrgRegistry, synthesizeOrgs } = require(join(root, "dist/lib"));
const { ContactCenterStack } = require(join(root, "dist/stacks/contact-center-stack"));

const [folder] = process.argv.slice(2);
synthesizeOrgs(
  () => OrgRegistry.load(folder),
  (app) => {
    for (const org of app.orgs) new ContactCenterStack(app, org);
  },
);
