export { findTerraform, type TerraformBinary } from "../terraform/binary";
export type { ChildResult } from "../terraform/child";
export type { ProviderCall } from "./double/provider-double";
export { loadSchemas, type ProviderSchemas } from "./double/schemas";
export { type RehearsalEvent, type RehearseProps, rehearse } from "./rehearse";
export type { RehearsalStack, StackRehearsal, StepName, StepResult } from "./rehearse-stack";
export { describeFinding, type SecretFinding, SecretScanner } from "./secret-scan";
export { Workspace, type WorkspaceProps } from "./workspace";
export {
  type Canary,
  canariesOf,
  type GenesysClient,
  type VaultEntry,
  type World,
  worldOf,
} from "./world";
