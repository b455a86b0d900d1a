import type { GenesysArea } from "./common";

/** Schedules, emergency groups and data tables of Architect. */
export const architect: GenesysArea = {
  resources: {
    genesyscloud_architect_schedules: {
      limits: {
        start: { pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}$" },
        end: { pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}$" },
      },
    },
    genesyscloud_architect_schedulegroups: {},
    genesyscloud_architect_emergencygroup: {
      forceNew: ["name"],
      defaults: { enabled: false },
    },
    genesyscloud_architect_datatable: {
      limits: { "properties.type": { oneOf: ["boolean", "string", "integer", "number"] } },
    },
  },
};
