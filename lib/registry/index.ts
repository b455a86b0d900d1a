export { defineOrg, defineStateHome } from "./define";
export { GENESYS_REGIONS, type GenesysRegion } from "./genesys-regions";
export { registryJsonSchema } from "./json-schema";
export type * from "./model";
export * from "./names";
export { OrgRegistry, type RegistryEntries } from "./org-registry";
export { RegistryError, type RegistryProblem } from "./registry-error";
export { type OrgReport, REPORT_FILE, type RegistryReport } from "./report";
