import type { Grant } from "../../../genesys/authorization-api";
import { isClientCredentials } from "../../../genesys/grant-type";
import type { OAuthClient } from "../../../genesys/models";
import { whyOurs } from "../../../rotation/hand-over/ours";
import { grantsOf } from "./grants-of";
import type { HandOverFacts } from "./read-facts";

/** A client for client credentials, and whose it is. */
export interface ListedClient {
  readonly client: OAuthClient;
  /** Why it was not made by hand; undefined if nothing says so. */
  readonly ours?: string;
  /** Name of the credential that takes over from it. */
  readonly replacedBy?: string;
  /** Its grants, for an entry of the registry: only of a client that nobody takes over from. */
  readonly grants?: readonly Grant[];
}

/** Lists the clients for client credentials of an organisation: those made by hand last. */
export async function listClients(facts: HandOverFacts): Promise<readonly ListedClient[]> {
  const listed: ListedClient[] = [];
  const clients = (await facts.api.oauthClients()).filter(({ state }) => state !== "deleted");
  for (const client of clients.filter(isClientCredentials)) {
    const ours = whyOurs(client, facts.own);
    const replacedBy = facts.org.secrets.find(({ replaces }) => replaces === client.id)?.name;
    // Nobody can log in as an inactive client, so nothing is to be taken over from it.
    const isOpen = ours === undefined && replacedBy === undefined && client.state === "active";
    const grants = isOpen ? await grantsOf(facts.api, client) : undefined;
    listed.push({ client, ours, replacedBy, grants });
  }
  const rank = ({ ours, replacedBy }: ListedClient) =>
    ours !== undefined ? 0 : replacedBy !== undefined ? 1 : 2;
  return listed.sort((one, other) => rank(one) - rank(other));
}
