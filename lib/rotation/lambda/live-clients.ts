import type { OAuthClient } from "../../genesys/models";
import { type Action, drainOf } from "../action";
import { isOurs, secretArnIn } from "../client-name";
import type { StoredCredential } from "../credential-records";
import type { ReconciliationLimits } from "../limits";
import type { LiveClient } from "../retirement-request";
import { type Configuration, credentialOf } from "./configuration";

/** A client of one of the org's credentials that is not deleted. */
export interface OwnClient extends LiveClient {
  readonly credential: string;
}

/** The time, and what happened since the clients were listed. */
export interface Since {
  readonly now: number;
  readonly limits: ReconciliationLimits;
  /** @default - none */
  readonly actions?: readonly Action[];
}

/**
 * Returns the org's clients that are active or inactive. Genesys Cloud may keep a deleted one for a
 * week, in which it is inactive, and can be restored: such a client is not alive.
 */
export function liveClients(
  configuration: Configuration,
  credentials: readonly StoredCredential[],
  clients: readonly OAuthClient[],
  { now, limits: { skew }, actions = [] }: Since,
): OwnClient[] {
  return clients.flatMap((client) => {
    const credential = credentialOf(configuration, secretArnIn(client));
    if (credential === undefined || !isOurs(client, configuration.secretArnPrefix)) return [];
    const { id, state } = client;
    const stored = credentials.find(({ name }) => name === credential);
    const { inactiveSince, deletedAt } = stored?.status.clients[id] ?? {};
    const inactive = (since: number | undefined): OwnClient => {
      const deletedFrom = since === undefined ? undefined : iso(since + drainOf(client, skew));
      return { credential, id, state: "inactive", deletedFrom };
    };
    switch (actions.find(({ clientId }) => clientId === id)?.kind) {
      case "delete":
        return [];
      case "update":
        return { credential, id, state: "active" };
      case "deactivate":
        return inactive(now);
    }
    if (state === "active") return { credential, id, state };
    return state === "inactive" && deletedAt === undefined ? inactive(inactiveSince) : [];
  });
}

const iso = (time: number): string => new Date(time).toISOString();
