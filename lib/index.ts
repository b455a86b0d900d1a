/**
 * Constructs, the registry and the policies, for apps.
 * @module cdktf-genesys-orgs
 */
export { consumerPolicy } from "./aws/consumer-policy";
export type { PolicyStatement } from "./aws/policy-document";
export { type ReadableSecret, readPolicyOf } from "./aws/read-policy";
export {
  BrokeredOAuthClient,
  type BrokeredOAuthClientProps,
} from "./credentials/brokered-oauth-client";
export {
  CredentialSecret,
  type CredentialSecretProps,
  type StackRole,
} from "./credentials/credential-secret";
export type { EcsService } from "./credentials/ecs-restart";
export {
  IntegrationCredentialFromSecret,
  type IntegrationCredentialFromSecretProps,
} from "./credentials/integration-credential-from-secret";
export { ManagedSecret, type ManagedSecretProps } from "./credentials/managed-secret";
export { AlertTopic, type AlertTopicProps } from "./credentials/monitoring/alert-topic";
export { OrgDashboard, type OrgDashboardProps } from "./credentials/monitoring/org-dashboard";
export {
  SecretAccessMonitor,
  type SecretAccessMonitorProps,
} from "./credentials/monitoring/secret-access-monitor";
export {
  OAuthClientWithOffloadedSecret,
  type OAuthClientWithOffloadedSecretProps,
} from "./credentials/oauth-client-with-offloaded-secret";
export { OnRotated, type OnRotatedProps, type RotatedTarget } from "./credentials/on-rotated";
export {
  type InteractiveGrant,
  TerraformManagedOAuthClient,
  type TerraformManagedOAuthClientProps,
} from "./credentials/terraform-managed-oauth-client";
export { UserError } from "./errors";
export { OrgStack, type OrgStackProps } from "./org/org-stack";
export { ONLY_VARIABLE, OrgsApp, type OrgsAppProps, synthesizeOrgs } from "./org/orgs-app";
export * from "./policies";
export * from "./registry";
export { OrgRotation, type OrgRotationProps } from "./rotation/constructs/org-rotation";
export { CREDENTIAL_VARIABLE } from "./stack/provider-credential";
export { boundaryPolicy, deployPolicy, planPolicy } from "./state/deploy-policy";
export { OrgStateAccess, type OrgStateAccessProps } from "./state/org-state-access";
export {
  OwnCredentialSecrets,
  type OwnCredentialSecretsProps,
} from "./state/own-credential-secrets";
export { SecureStateBackend, type SecureStateBackendProps } from "./state/secure-state-backend";
export {
  type StateAccessTrailSettings,
  StateHome,
  type StateHomeProps,
} from "./state/state-home";
export { AccessStack, HomeStack, VaultAccessStack } from "./state/state-stack";
export type {
  AppRoleJobs,
  AwsJobs,
  AzureDevOpsJobs,
  CiJobs,
  GitHubJobs,
  GitLabJobs,
  KubernetesJobs,
} from "./vault/ci-jobs";
export {
  EphemeralResource,
  type EphemeralResourceProps,
  type Postcondition,
} from "./vault/constructs/ephemeral-resource";
export {
  EphemeralVaultKvSecret,
  type EphemeralVaultKvSecretProps,
} from "./vault/constructs/ephemeral-vault-kv-secret";
export {
  VaultGenesysEngine,
  type VaultGenesysEngineProps,
} from "./vault/constructs/vault-genesys-engine";
export { VaultOrgAccess, type VaultOrgAccessProps } from "./vault/constructs/vault-org-access";
export { type OrgInVault, orgVaultPolicies } from "./vault/org-policies";
export type { VaultPolicy } from "./vault/policy";
export { REQUIRED_PROVIDERS, REQUIRED_TERRAFORM } from "./versions";
