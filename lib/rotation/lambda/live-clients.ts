import type { OAuthClient } from "../../genesys/models";
import { type Action, drainOf } from "../action";
import { isOurs } from "../client-name";
import type { LiveClient } from "../retirement-request";
import { type Configuration, credentialOf } from "./configuration";

/** A client of one of the org's credentials that is not deleted. */
export interface OwnClient extends LiveClient {
  readonly credential: string;
}

/**
 * Returns the org's clients that are active or inactive.
 *
 * @param actions actions on the clients since they were listed
 * @param skew milliseconds between the expiry of a client's tokens and its deletion
 */
export function liveClients(
  configuration: Configuration,
  clients: readonly OAuthClient[],
  { actions = [], now, skew }: { actions?: readonly Action[]; now: number; skew: number },
): OwnClient[] {
  return clients.flatMap((client) => {
    const credential = credentialOf(configuration, client.description ?? "");
    if (credential === undefined || !isOurs(client, configuration.secretArnPrefix)) return [];
    const { id } = client;
    switch (actions.find(({ clientId }) => clientId === id)?.kind) {
      case "delete":
        return [];
      case "update":
        return { credential, id, state: "active" };
      case "deactivate":
        return { credential, id, state: "inactive", deletedFrom: iso(now + drainOf(client, skew)) };
    }
    if (client.state === "active") return { credential, id, state: "active" };
    if (client.state !== "inactive") return [];
    const since = Date.parse(client.dateModified ?? "");
    return { credential, id, state: "inactive", deletedFrom: iso(since + drainOf(client, skew)) };
  });
}

const iso = (time: number): string | undefined =>
  Number.isNaN(time) ? undefined : new Date(time).toISOString();
