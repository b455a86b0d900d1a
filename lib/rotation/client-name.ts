import type { OAuthClient } from "../genesys/models";

/**
 * Name of the client that a version of a secret is for: `<Environment>-<Service>#<version>`. From
 * it, a client is found again that was made just before a crash.
 */
export const rotatedNameOf = (clientName: string, versionId: string): string =>
  `${clientName}#${versionId}`;

/** Description of a secret's clients: the secret's ARN, which has its account and region. */
export const rotatedDescriptionOf = (secretArn: string): string => secretArn;

/**
 * The version of the secret that a client is for; undefined where the client is not this secret's.
 * Both name and description have to match: nothing else is ever touched.
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
 * Whether a client is of a secret of ours, also of one that nobody knows any more.
 * @param secretPrefix what the ARN of every secret of the org here begins with; ends with a slash
 */
export function isOurs(
  { name, description = "" }: Pick<OAuthClient, "name" | "description">,
  secretPrefix: string,
): boolean {
  // A description may quote an ARN; ours is one, with the six characters that AWS adds.
  const isArn =
    description.startsWith(secretPrefix) &&
    /^[^/\s]+-[A-Za-z0-9]{6}$/.test(description.slice(secretPrefix.length));
  return isArn && versionIn(name) !== undefined;
}

/** The version that a name ends with. */
export const versionIn = (name: string): string | undefined => /#([^#]+)$/.exec(name)?.[1];
