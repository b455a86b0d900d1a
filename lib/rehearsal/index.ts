/**
 * Rehearsals with real Terraform, for tests of your own.
 * @module cdktf-genesys-orgs/rehearsal
 */
export { findTerraform, type TerraformBinary } from "../terraform/binary";
export type { ChildResult } from "../terraform/child";
export { loadSchemas, type ProviderSchemas } from "./double/core/load-schemas";
export type { ProviderCall } from "./double/core/provider-double";
export type { RecordedException } from "./exceptions";
export { type RehearsalEvent, type RehearseProps, rehearse } from "./rehearse";
export type { RehearsalStack, StackRehearsal, StepName, StepResult } from "./rehearse-stack";
export { describeFinding, type SecretFinding, SecretScanner } from "./secret-scan";
export { Workspace, type WorkspaceProps } from "./workspace";
export {
  type Canary,
  canariesOf,
  type GenesysClient,
  type SecretEntry,
  type VaultEntry,
  type World,
  worldOf,
} from "./world";
