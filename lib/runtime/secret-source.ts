/** The text of a secret's current version. */
export interface SecretText {
  readonly text: string;
  readonly versionId: string;
}

/** A place that secrets are read from. */
export interface SecretSource {
  /**
   * Reads the version AWSCURRENT.
   *
   * @param refresh whether a cache on the way must not answer: the value that it has does not work
   */
  read(secretId: string, refresh: boolean): Promise<SecretText>;
}

/** Returns the text of an answer of GetSecretValue, as the SDK, the agent and the extension give it. */
export function secretTextOf(answer: unknown, secretId: string): SecretText {
  const { SecretString: text, VersionId: versionId } = (answer ?? {}) as Record<string, unknown>;
  if (typeof text !== "string" || typeof versionId !== "string") {
    throw new Error(`${secretId} has no SecretString`);
  }
  return { text, versionId };
}
