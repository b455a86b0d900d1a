import { defineOrg } from "../lib/registry";
import { customerFacingClients } from "./oauth-clients";

export const euProd = defineOrg({
  name: "eu-prod",
  environment: "production",
  organizationId: "8d21e6c4-57a9-4f0c-b1b4-6f3d2a9c7e02",
  genesysRegion: "eu-central-1",
  state: { home: "production", lock: "both", ownLockTable: true },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: { account: "111111111111", region: "eu-central-1" },
  owner: "contact-centre-eu",
  oauthClients: customerFacingClients("111111111111"),
});
