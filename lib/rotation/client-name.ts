import type { OAuthClient } from "../genesys/models";

/**
 * Returns the name of the client for one version of a secret: `<Environment>-<Service>#<version>`.
 * By this name, a client that was created just before a crash is found again.
 */
export const rotatedNameOf = (clientName: string, versionId: string): string =>
  `${clientName}#${versionId}`;

/** Returns the description of a secret's clients: the secret's ARN, with its account and region. */
export const rotatedDescriptionOf = (secretArn: string): string => secretArn;

const RETIRED = " (retired)";

/**
 * Returns the description of a client that the reconciler deactivated. The same request writes it that
 * deactivates the client, so that no crash and no lost note makes that look like a person's work, whose
 * reason must be respected.
 */
export const retiredDescriptionOf = (secretArn: string): string =>
  rotatedDescriptionOf(secretArn) + RETIRED;

/** Whether the reconciler deactivated a client. */
export const isRetired = ({ description = "" }: Pick<OAuthClient, "description">): boolean =>
  description.endsWith(RETIRED);

/** Returns the ARN in the description of a secret's client; any other description as it is. */
export const secretArnIn = (client: Pick<OAuthClient, "description">): string => {
  const { description = "" } = client;
  return isRetired(client) ? description.slice(0, -RETIRED.length) : description;
};

/**
 * Returns the version of a secret that a client was created for; undefined if it was not created
 * for this secret. Both name and description must match, and no other client is ever touched.
 */
export function versionOf(
  client: Pick<OAuthClient, "name" | "description">,
  clientName: string,
  secretArn: string,
): string | undefined {
  if (secretArnIn(client) !== secretArn) return undefined;
  const prefix = `${clientName}#`;
  return client.name.startsWith(prefix) ? client.name.slice(prefix.length) : undefined;
}

/**
 * Returns the credential that a secret belongs to, for example `crm-sync`; undefined for any other
 * text. A foreign description may quote an ARN: ours is an ARN, with the six characters that AWS adds.
 *
 * @param secretPrefix the beginning of the ARN of every secret of the org here; ends with a slash
 */
export function credentialNameIn(secretArn: string, secretPrefix: string): string | undefined {
  if (!secretArn.startsWith(secretPrefix)) return undefined;
  return CREDENTIAL.exec(secretArn.slice(secretPrefix.length))?.[1];
}

// Only characters that AWS accepts: it refuses to look up any other name, and such a refusal would stop
// a run. The master's secret, which begins with an underscore, has no clients.
const CREDENTIAL = /^([A-Za-z0-9][\w+=.@-]{0,199})-[A-Za-z0-9]{6}$/;

/**
 * Whether a client has the marks of one of the org's secrets, even of one that no longer exists.
 * Anyone who may create clients can copy the marks: see `ownership.ts`.
 */
export const isOurs = (
  client: Pick<OAuthClient, "name" | "description">,
  secretPrefix: string,
): boolean =>
  credentialNameIn(secretArnIn(client), secretPrefix) !== undefined &&
  versionIn(client.name) !== undefined;

/** Returns the version at the end of a name. */
export const versionIn = (name: string): string | undefined => /#([^#]+)$/.exec(name)?.[1];
