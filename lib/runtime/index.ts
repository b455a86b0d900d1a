export type { Endpoints } from "../genesys/login";
export { ApiError, BreakerOpenError } from "../http/api-error";
export type { Clock } from "../http/clock";
export type { CredentialValue } from "../secret-value/credential-value";
export { defaultSource } from "./default-source";
export {
  CredentialRefusedError,
  GenesysCredentials,
  type GenesysCredentialsProps,
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
