import type { Construct } from "constructs";
import { type Org, VaultAccessStack, VaultGenesysEngine, VaultOrgAccess } from "../lib";

/** A workflow of the main branch, which `genesys-orgs ci github` wrote. */
const onMain = (file: string): string =>
  `example/contact-centre-platform/.github/workflows/${file}@refs/heads/main`;

/** The Vault access of one organisation of this deployment: the workflows of the main branch may log in. */
export class OrgVaultAccessStack extends VaultAccessStack {
  constructor(scope: Construct, org: Org) {
    super(scope, org);
    new VaultOrgAccess(this, "access", {
      org,
      ci: {
        identity: "github",
        workflows: {
          planner: ["genesys-plan.yml", "genesys-deploy.yml", "genesys-nightly.yml"].map(onMain),
          deployer: [onMain("genesys-deploy.yml")],
          rotate: [onMain("genesys-nightly.yml")],
        },
      },
    });
    if (org.brokeredClients.length > 0) {
      new VaultGenesysEngine(this, "engine", { org, awsMount: "aws" });
    }
  }
}
