import { defineOrg } from "../lib/registry";
import { customerFacingClients } from "./oauth-clients";

export const naStaging = defineOrg({
  name: "na-staging",
  environment: "staging",
  organizationId: "2be97d15-c048-4a6b-a0d3-71f4c58e9b04",
  genesysRegion: "us-west-2",
  state: { home: "nonproduction" },
  vault: { address: "https://vault.example.com", auth: { method: "jwt" } },
  aws: { account: "222222222222", region: "us-west-2" },
  owner: "contact-centre-na",
  oauthClients: [
    ...customerFacingClients("222222222222"),
    {
      name: "agent-assist",
      description: "Suggests answers to agents",
      permissions: [{ domain: "conversation", entity: "communication", actions: ["view"] }],
      consumers: ["arn:aws:iam::222222222222:role/agent-assist"],
      broker: { ttlSeconds: 1800 },
    },
  ],
});
