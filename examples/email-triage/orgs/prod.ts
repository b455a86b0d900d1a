import { defineOrg } from "cdktf-genesys-orgs";

export const prod = defineOrg({
  name: "prod",
  environment: "production",
  organizationId: "8e41b7d2-5f3a-4c90-8a6c-2b7d4e9f1c02",
  genesysRegion: "us-east-1",
  owner: "contact-centre",
  state: { home: "production" },
  vault: { address: "https://vault.example.com" },
  aws: { account: "111111111111", region: "us-east-1" },
});
