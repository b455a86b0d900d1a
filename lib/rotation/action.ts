import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import { TOKEN_LIFETIME } from "../registry/defaults";
import { retiredDescriptionOf, secretArnIn } from "./client-name";

/** An action on one OAuth client. */
export interface Action {
  readonly kind: "update" | "deactivate" | "delete";
  readonly clientId: string;
  readonly clientName: string;
  readonly reason: string;
  /** The fields that an update or a deactivation writes. */
  readonly update?: Partial<OAuthClientRequest>;
}

export const actionOn = (
  { id, name }: OAuthClient,
  kind: Action["kind"],
  reason: string,
  update?: Action["update"],
): Action => ({ kind, clientId: id, clientName: name, reason, update });

/** Returns the deactivation of a secret's client, with the mark of the reconciler. */
export const deactivationOf = (client: OAuthClient, reason: string): Action =>
  actionOn(client, "deactivate", reason, {
    description: retiredDescriptionOf(secretArnIn(client)),
  });

/** @returns the client after a change, if it still exists */
export async function execute(
  api: PlatformApi,
  { kind, clientId, update }: Action,
): Promise<OAuthClient | undefined> {
  switch (kind) {
    case "update":
      return api.updateOAuthClient(clientId, update ?? {});
    case "deactivate":
      return api.updateOAuthClient(clientId, { ...update, state: "inactive" });
    case "delete":
      await api.deleteOAuthClient(clientId);
      return undefined;
  }
}

/**
 * Returns the deletion of an inactive client, once all its tokens have expired.
 * @param since time since which the client has been inactive
 * @param skew milliseconds added to the lifetime of a token
 * @returns undefined if it is too early, or the time is unknown
 */
export const deleteWhenDrained = (
  now: number,
  client: OAuthClient,
  since: number | undefined,
  skew: number,
): Action | undefined =>
  now >= (since ?? Number.NaN) + drainOf(client, skew)
    ? actionOn(client, "delete", "its tokens have expired")
    : undefined;

/**
 * Returns the milliseconds for which tokens of a client stay valid after it became inactive.
 * @param skew milliseconds added to the lifetime of a token
 */
export const drainOf = ({ accessTokenValiditySeconds }: OAuthClient, skew: number): number =>
  (accessTokenValiditySeconds ?? TOKEN_LIFETIME.most) * 1000 + skew;

/** Removes a client whose secret nobody has. */
export async function discard(api: PlatformApi, clientId: string): Promise<void> {
  await api.updateOAuthClient(clientId, { state: "inactive" });
  await api.deleteOAuthClient(clientId);
}
