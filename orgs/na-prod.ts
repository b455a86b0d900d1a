import { defineOrg } from "../lib/registry";
import { customerFacingClients } from "./oauth-clients";

export const naProd = defineOrg({
  name: "na-prod",
  environment: "production",
  organizationId: "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01",
  genesysRegion: "us-east-1",
  state: { home: "production", lock: "both", ownLockTable: true },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: { account: "111111111111", region: "us-east-1" },
  owner: "contact-centre-na",
  monitoring: {
    trailLogGroup: "cloudtrail/management-events",
    genesysEventBus: "aws.partner/genesys.com/cloud/4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01/na-prod",
  },
  oauthClients: customerFacingClients("111111111111"),
});
