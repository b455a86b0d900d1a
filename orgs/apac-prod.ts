import { defineOrg } from "../lib/registry";
import { customerFacingClients } from "./oauth-clients";

export const apacProd = defineOrg({
  name: "apac-prod",
  environment: "production",
  organizationId: "c9a04b7e-1d68-4c3f-8f27-95e1b06d4c03",
  genesysRegion: "ap-southeast-2",
  state: { home: "production" },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: {
    account: "111111111111",
    region: "ap-southeast-2",
    deployRole: "arn:aws:iam::111111111111:role/genesys-apac-prod-deploy",
    planRole: "arn:aws:iam::111111111111:role/genesys-apac-prod-plan",
  },
  owner: "contact-centre-apac",
  oauthClients: customerFacingClients("111111111111"),
});
