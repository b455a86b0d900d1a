import type { Example, LanguageFiles } from "./language-files";

/** Returns the parts of a project whose organisations and resources are in TypeScript. */
export const typescriptFiles = ({ org, environment, home }: Example): LanguageFiles => ({
  // Compiled with type check: ts-node is slower, and runs on no newer TypeScript.
  app: "npx tsc && node build/main.js",
  developmentPackages: ["@types/node", "typescript"],
  ignored: ["build/"],
  examples: {
    [`orgs/${org}.ts`]: `import { defineOrg } from "cdktf-genesys-orgs";

// The values are examples.
export const ${camelCase(org)}Org = defineOrg({
  name: "${org}",
  environment: "${environment}",
  organizationId: "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01", // in Genesys Cloud
  genesysRegion: "us-east-1",
  owner: "contact-centre",
  state: { home: "${home}" },
  vault: { address: "https://vault.example.com" },
  aws: { account: "111111111111", region: "us-east-1" }, // of its secrets
});
`,
    "orgs/state-homes.ts": `import { defineStateHome } from "cdktf-genesys-orgs";

// The values are examples.
export const ${home}Home = defineStateHome({
  name: "${home}",
  bucket: "example-genesys-state-${home}",
  account: "111111111111",
  region: "us-east-1",
  stateAdmins: ["arn:aws:iam::111111111111:role/platform-state-admin"],
});
`,
  },
  code: {
    "tsconfig.json": `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "Node16",
    "moduleResolution": "Node16",
    "rootDir": ".",
    "outDir": "build",
    "incremental": true,
    "noEmitOnError": true,
    "strict": true,
    "esModuleInterop": true,
    "resolveJsonModule": true,
    "skipLibCheck": true
  },
  "include": ["main.ts", "orgs", "stacks"]
}
`,
    "main.ts": `import {
  AccessStack,
  HomeStack,
  OrgStateAccess,
  StateHome,
  synthesizeOrgs,
} from "cdktf-genesys-orgs";
import { loadRegistry } from "./orgs";
import { ContactCenterStack } from "./stacks/contact-center-stack";

synthesizeOrgs(loadRegistry, (app) => {
  const { homes, orgsInHomes, orgs, registry } = app;
  for (const home of homes) {
    new StateHome(new HomeStack(app, home), "home", { home, orgs: registry.orgs });
  }
  for (const org of orgsInHomes) new OrgStateAccess(new AccessStack(app, org), "access", { org });
  for (const org of orgs) new ContactCenterStack(app, org);
});
`,
    "orgs/index.ts": `import { OrgRegistry } from "cdktf-genesys-orgs";
import { ${camelCase(org)}Org } from "./${org}";
import { ${home}Home } from "./state-homes";
import record from "./state-homes.json";

/** As a function, so that a mistake in an entry is printed as one message. */
export const loadRegistry = () =>
  OrgRegistry.of({ homes: [${home}Home], orgs: [${camelCase(org)}Org], record });
`,
    "stacks/contact-center-stack.ts": `import { OAuthClientWithOffloadedSecret, type Org, OrgStack, type OrgsApp } from "cdktf-genesys-orgs";
import { RoutingQueue } from "cdktf-genesys-orgs/genesyscloud/routing-queue";

/** One organisation: its queues, and the OAuth clients of its entry. */
export class ContactCenterStack extends OrgStack {
  constructor(app: OrgsApp, org: Org) {
    super(app, org);
    new RoutingQueue(this, "general-enquiries", { name: "General enquiries" });
    for (const client of org.oauthClients) {
      new OAuthClientWithOffloadedSecret(this, client.name, client);
    }
  }
}
`,
  },
});

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
