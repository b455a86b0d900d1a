import type { OAuthClient } from "../genesys/models";

/**
 * Returns the name of the client for one version of a secret: `<Environment>-<Service>#<version>`.
 * By this name, a client that was created just before a crash is found again.
 */
export const rotatedNameOf = (clientName: string, versionId: string): string =>
  `${clientName}#${versionId}`;

/** Returns the description of a secret's clients: the secret's ARN, with its account and region. */
export const rotatedDescriptionOf = (secretArn: string): string => secretArn;

/**
 * Returns the version of a secret that a client was created for; undefined if it was not created
 * for this secret. Both name and description must match, and no other client is ever touched.
 */
export function versionOf(
  client: Pick<OAuthClient, "name" | "description">,
  clientName: string,
  secretArn: string,
): string | undefined {
  if (client.description !== rotatedDescriptionOf(secretArn)) return undefined;
  const prefix = `${clientName}#`;
  return client.name.startsWith(prefix) ? client.name.slice(prefix.length) : undefined;
}

/**
 * Whether a client was created for one of the org's secrets, even one that no longer exists.
 * @param secretPrefix the beginning of the ARN of every secret of the org here; ends with a slash
 */
export function isOurs(
  { name, description = "" }: Pick<OAuthClient, "name" | "description">,
  secretPrefix: string,
): boolean {
  // A foreign description may quote an ARN. Ours is an ARN, with the six characters that AWS adds.
  const isArn =
    description.startsWith(secretPrefix) &&
    /^[^/\s]+-[A-Za-z0-9]{6}$/.test(description.slice(secretPrefix.length));
  return isArn && versionIn(name) !== undefined;
}

/** Returns the version at the end of a name. */
export const versionIn = (name: string): string | undefined => /#([^#]+)$/.exec(name)?.[1];
