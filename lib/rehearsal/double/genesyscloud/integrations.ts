import type { GenesysArea } from "./common";

/** Integrations with other systems. */
export const integrations: GenesysArea = {
  resources: {
    genesyscloud_integration: {
      keptBlocks: ["config"],
      limits: { intended_state: { oneOf: ["ENABLED", "DISABLED"] } },
      defaults: { intended_state: "DISABLED" },
      json: ["config.properties", "config.advanced"],
    },
  },
};
