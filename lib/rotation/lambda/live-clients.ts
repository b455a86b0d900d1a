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
 * The org's clients that are alive.
 *
 * @param actions what was done to them since they were listed
 * @param skew milliseconds for which a client stays after its tokens have ended
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
