// What users of the library need of the registry.
export { defineOrg, defineStateHome } from "./define";
export { GENESYS_REGIONS, type GenesysRegion } from "./genesys-regions";
export type {
  ClassificationEntry,
  Credential,
  CrossAccountRoles,
  Environment,
  GenesysProviderEntry,
  GitHubEntry,
  Home,
  HomeRecord,
  LockMode,
  OAuthClientEntry,
  Org,
  OrgAccess,
  OrgAccessRecord,
  OrgAwsEntry,
  OrgEntry,
  OrgRoleNames,
  OrgRotationEntry,
  OrgState,
  OrgStateEntry,
  OrgVault,
  OrgVaultEntry,
  ProviderCredential,
  RolePermission,
  RolePrincipals,
  S3CompatibleStorage,
  StateHomeEntry,
  StateRecord,
  StateRole,
  VaultAuth,
  VaultAwsAuth,
  VaultCredential,
  VaultJwtAuth,
  VaultTokenAuth,
} from "./model";
// For IAM, Vault and GitHub configuration that matches an org, outside of its stacks.
export {
  githubEnvironmentOf,
  ORG_TAG,
  roleNamesOf,
  STATE_KEY_TAG,
  secretNameOf,
  vaultEntryOf,
} from "./names";
export { OrgRegistry, type RegistryEntries } from "./org-registry";
export { RegistryError, type RegistryProblem } from "./registry-error";
export {
  type AccessReport,
  type HomeReport,
  type OrgReport,
  REPORT_FILE,
  type RegistryReport,
} from "./report";
