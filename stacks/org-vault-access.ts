import type { Construct } from "constructs";
import { type Org, VaultAccessStack, VaultOrgAccess } from "../lib";

/** The workflow of the main branch that deploys and rotates; plans run in pull requests. */
const DEPLOY =
  "example/contact-centre-platform/.github/workflows/genesys-deploy.yml@refs/heads/main";

/** The Vault access of one organisation of this deployment: the home's repository may log in. */
export class OrgVaultAccessStack extends VaultAccessStack {
  constructor(scope: Construct, org: Org) {
    super(scope, org);
    new VaultOrgAccess(this, "access", {
      org,
      ci: { identity: "github", workflows: { deployer: DEPLOY } },
    });
  }
}
