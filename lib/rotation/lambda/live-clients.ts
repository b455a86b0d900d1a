import type { OAuthClient } from "../../genesys/models";
import { type Action, drainOf } from "../action";
import { isOurs, secretArnIn } from "../client-name";
import type { StoredCredential } from "../credential-records";
import type { View } from "../judge";
import { DEFAULT_LIMITS } from "../limits";
import { planReconciliation } from "../plan";
import type { LiveClient } from "../retirement-request";
import { survey } from "../survey";
import { credentialOf } from "./configuration";
import type { OrgReconciliation } from "./reconciliation";

/** A client of one of the org's credentials that is not deleted. */
export interface OwnClient extends LiveClient {
  readonly credential: string;
}

/** Clients as a run found them, and what it did since. */
export interface FoundClients {
  readonly clients: readonly OAuthClient[];
  /** Those of which nothing proves that the rotator created them. */
  readonly unproven: readonly OAuthClient[];
  /** @default - none */
  readonly actions?: readonly Action[];
}

/**
 * Lists the live clients of some credentials, and changes nothing.
 * @param concerns whether a credential is one of them
 */
export async function listLive(
  reconciliation: OrgReconciliation,
  credentials: readonly StoredCredential[],
  concerns: (name: string) => boolean,
): Promise<OwnClient[]> {
  const { found } = await surveyLive(reconciliation, credentials, concerns);
  return liveClients(reconciliation, credentials, found);
}

/** Reads the secrets of some credentials, and finds their clients. */
export async function surveyLive(
  reconciliation: OrgReconciliation,
  credentials: readonly StoredCredential[],
  concerns: (name: string) => boolean,
): Promise<{ readonly view: View; readonly found: FoundClients }> {
  const { configuration } = reconciliation.dependencies;
  const chosen = credentials.filter(({ name }) => concerns(name));
  const props = await reconciliation.propsFor(chosen);
  // Only theirs: 100 credentials that are destroyed at once would ask for 100 secrets each.
  const clients = (await props.api.oauthClients()).filter((client) => {
    const credential = credentialOf(configuration, secretArnIn(client));
    return credential !== undefined && concerns(credential);
  });
  const view = await survey(props, clients);
  return { view, found: { clients, unproven: planReconciliation(view).gauges.unproven } };
}

/**
 * Returns the org's clients that are active or inactive. Genesys Cloud may keep a deleted one for a
 * week, in which it is inactive, and can be restored: such a client is not alive.
 */
export function liveClients(
  { dependencies: { configuration, clock } }: Pick<OrgReconciliation, "dependencies">,
  credentials: readonly StoredCredential[],
  { clients, unproven, actions = [] }: FoundClients,
): OwnClient[] {
  return clients.flatMap((client) => {
    const credential = credentialOf(configuration, secretArnIn(client));
    if (credential === undefined || !isOurs(client, configuration.secretArnPrefix)) return [];
    const { id, state } = client;
    if (state !== "active" && state !== "inactive") return [];
    if (unproven.some((each) => each.id === id)) return { credential, id, state, unproven: true };
    const stored = credentials.find(({ name }) => name === credential);
    const { inactiveSince, deletedAt } = stored?.status.clients[id] ?? {};
    const inactive = (since: number | undefined): OwnClient => {
      const until = (since ?? Number.NaN) + drainOf(client, DEFAULT_LIMITS.skew);
      const deletedFrom = since === undefined ? undefined : new Date(until).toISOString();
      return { credential, id, state: "inactive", deletedFrom };
    };
    switch (actions.find(({ clientId }) => clientId === id)?.kind) {
      case "delete":
        return [];
      case "update":
        return { credential, id, state: "active" };
      case "deactivate":
        return inactive(clock.now());
    }
    if (state === "active") return { credential, id, state };
    return deletedAt === undefined ? inactive(inactiveSince) : [];
  });
}
