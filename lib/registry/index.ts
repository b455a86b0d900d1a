// The part of the registry that users of the library need.

export type { CredentialKind, EarlierSensitivity, Sensitivity } from "./classification";
export { defineOrg, defineStateHome } from "./define";
export { GENESYS_REGIONS, type GenesysRegion } from "./genesys-regions";
export type {
  ManagedSecretEntry,
  ManagedSecretKind,
  ManagedSecretValue,
  OrgSecret,
  SecretReplicaEntry,
  ValueFromOutside,
  ValueFromVault,
} from "./managed-secret";
export type {
  BrokerEntry,
  BrokeredClient,
  Classification,
  ClassificationEntry,
  ConsumerEntry,
  Credential,
  CrossAccountRoles,
  Environment,
  GenesysProviderEntry,
  GitHubEntry,
  Home,
  HomeRecord,
  IgnoredDifferenceEntry,
  KnownDriftEntry,
  LockMode,
  OAuthClientEntry,
  Org,
  OrgAccess,
  OrgAccessRecord,
  OrgAwsEntry,
  OrgBrokerEntry,
  OrgCredentials,
  OrgCredentialsEntry,
  OrgEntry,
  OrgMonitoringEntry,
  OrgRoleNames,
  OrgRotationEntry,
  OrgState,
  OrgStateEntry,
  OrgVault,
  OrgVaultAccess,
  OrgVaultEntry,
  OrgVaultPolicy,
  PermissionConditions,
  PermissionOperand,
  PermissionTerm,
  ProviderCredential,
  RolePermission,
  RolePrincipals,
  RotationNetworkEntry,
  S3CompatibleStorage,
  StateEncryption,
  StateHomeEntry,
  StateRecord,
  StateRole,
  VaultAppRoleAuth,
  VaultAuth,
  VaultAwsAuth,
  VaultCredential,
  VaultJob,
  VaultJwtAuth,
  VaultKubernetesAuth,
  VaultTokenAuth,
} from "./model";
// Names for IAM, Vault and GitHub configuration that a team writes outside of the stacks.
export {
  environmentNamesOf,
  githubEnvironmentOf,
  ORG_TAG,
  roleNamesOf,
  STATE_KEY_TAG,
  vaultEntryOf,
  vaultRolesOf,
} from "./names";
export { OrgRegistry, type RegistryEntries } from "./org-registry";
export { RegistryError, type RegistryProblem } from "./registry-error";
export {
  type AccessReport,
  type BrokeredReport,
  type ComponentReport,
  type HomeReport,
  type OrgReport,
  REPORT_FILE,
  type RegistryReport,
  type SecretReport,
} from "./report";
export type { RotationWindow, Weekday } from "./rotation-window";
export { SecretName, type SecretNameParts, secretNameOf } from "./secret-name";
