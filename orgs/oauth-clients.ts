import type { OAuthClientEntry } from "../lib/registry";

/** Returns the clients of every organisation with customers. Their consumers run in `account`. */
export const customerFacingClients = (account: string): readonly OAuthClientEntry[] => [
  {
    name: "crm-sync",
    description: "Keeps external contacts and the CRM in step",
    permissions: [
      { domain: "externalContacts", entity: "contact", actions: ["view", "add", "edit"] },
      { domain: "routing", entity: "queue", actions: ["view"] },
    ],
    classification: { sensitivity: "critical", rotationDays: 30, owner: "crm-team" },
    consumers: [`arn:aws:iam::${account}:role/crm-sync`],
  },
  {
    name: "analytics-exporter",
    description: "Exports conversation details to the data lake",
    permissions: [{ domain: "analytics", entity: "conversationDetail", actions: ["view"] }],
    divisions: ["*"],
    classification: { sensitivity: "high", rotationDays: 90, owner: "data-team" },
    consumers: [`arn:aws:iam::${account}:role/analytics-exporter`],
  },
  {
    name: "webhook-processor",
    description: "Looks up the conversation of an incoming webhook",
    permissions: [{ domain: "conversation", entity: "communication", actions: ["view"] }],
    accessTokenValiditySeconds: 1800,
    consumers: [
      `arn:aws:iam::${account}:role/webhook-processor`,
      `arn:aws:iam::${account}:role/webhook-replay`,
    ],
  },
];
