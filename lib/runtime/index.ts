export type { Endpoints } from "../genesys/login";
export { ApiError, BreakerOpenError } from "../http/api-error";
export type { Clock } from "../http/clock";
export type { CredentialValue } from "../secret-value/credential-value";
export type { CredentialLease, LeaseContext } from "./credential-lease";
export { defaultSource } from "./default-source";
export {
  type CredentialsProps,
  GenesysCredentials,
  type GenesysCredentialsProps,
  type LeasedCredentialsProps,
} from "./genesys-credentials";
export type { SecretCache, StoredSecret } from "./held-secret";
export {
  type AgentSourceProps,
  agentSource,
  extensionSource,
  type LocalSourceProps,
} from "./local-source";
export { type ResilientFetchProps, resilientFetch } from "./resilient-fetch";
export { type SecretsManagerClient, sdkSource } from "./sdk-source";
export type { SecretSource, SecretText } from "./secret-source";
export { CredentialRefusedError } from "./secret-tokens";
export type { ApiToken, TokenSource } from "./token-source";
export type { ValueSource, VersionedValue } from "./value-source";
