import { defineOrg } from "../lib/registry";

export const naDev = defineOrg({
  name: "na-dev",
  environment: "development",
  organizationId: "f61a3c92-84bd-4e97-93c6-3d0a7b15e805",
  genesysRegion: "us-east-1",
  state: { home: "nonproduction" },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: { account: "222222222222", region: "us-east-1" },
  owner: "platform-team",
  tags: { "cost-centre": "platform" },
});
