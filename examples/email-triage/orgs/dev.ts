import { defineOrg } from "cdktf-genesys-orgs";

export const dev = defineOrg({
  name: "dev",
  environment: "development",
  organizationId: "3c2f5a64-0d8e-4b11-9f27-6d1e0a9b7c01",
  genesysRegion: "us-west-2",
  owner: "contact-centre",
  state: { home: "nonproduction" },
  vault: { address: "https://vault.example.com" },
  aws: { account: "222222222222", region: "us-west-2" },
});
