import { type SecretSource, secretTextOf } from "./secret-source";

/** The part of `SecretsManager` of `@aws-sdk/client-secrets-manager` that is used. */
export interface SecretsManagerClient {
  getSecretValue(input: { readonly SecretId: string }): Promise<unknown>;
}

/**
 * Reads secrets with the AWS SDK, which must be installed. It is loaded when it is first needed.
 *
 * @param client the SDK's client
 * @default - one with the credentials and the region of the environment
 */
export function sdkSource(client?: SecretsManagerClient): SecretSource {
  let loaded = client;
  return {
    async read(SecretId) {
      loaded ??= await loadClient();
      return secretTextOf(await loaded.getSecretValue({ SecretId }), SecretId);
    },
  };
}

async function loadClient(): Promise<SecretsManagerClient> {
  const { SecretsManager } = await import("@aws-sdk/client-secrets-manager");
  return new SecretsManager({});
}
