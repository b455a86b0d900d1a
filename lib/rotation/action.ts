import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import { TOKEN_LIFETIME } from "../registry/defaults";

/** What to do with one client. */
export interface Action {
  readonly kind: "update" | "deactivate" | "delete";
  readonly clientId: string;
  readonly clientName: string;
  readonly reason: string;
  /** What an update writes. */
  readonly update?: OAuthClientRequest;
}

export const actionOn = (
  { id, name }: OAuthClient,
  kind: Action["kind"],
  reason: string,
  update?: Action["update"],
): Action => ({ kind, clientId: id, clientName: name, reason, update });

export async function execute(api: PlatformApi, { kind, clientId, update }: Action): Promise<void> {
  if (kind === "delete") await api.deleteOAuthClient(clientId);
  else await api.updateOAuthClient(clientId, update ?? { state: "inactive" });
}

/**
 * Deletes an inactive client when the tokens that it minted have ended: they go on until then.
 * @param skew milliseconds added to the lifetime of a token
 * @returns undefined: not yet
 */
export function deleteWhenDrained(
  now: number,
  client: OAuthClient,
  skew: number,
): Action | undefined {
  const drained = Date.parse(client.dateModified ?? "") + drainOf(client, skew);
  return now >= drained ? actionOn(client, "delete", "its tokens have ended") : undefined;
}

/**
 * How long the tokens go on that a client minted, in milliseconds.
 * @param skew milliseconds added to the lifetime of a token
 */
export const drainOf = ({ accessTokenValiditySeconds }: OAuthClient, skew: number): number =>
  (accessTokenValiditySeconds ?? TOKEN_LIFETIME.most) * 1000 + skew;

/** Removes a client that nobody has the secret of. */
export async function discard(api: PlatformApi, clientId: string): Promise<void> {
  await api.updateOAuthClient(clientId, { state: "inactive" });
  await api.deleteOAuthClient(clientId);
}
