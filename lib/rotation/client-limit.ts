import { UserError } from "../errors";
import type { OAuthClient } from "../genesys/models";

/** @throws UserError when the organisation has as many OAuth clients as it may have */
export function refuseAboveLimit(clients: readonly OAuthClient[], mostClients: number): void {
  // Disabled clients count as well.
  const count = clients.filter(({ state }) => state !== "deleted").length;
  if (count < mostClients) return;
  throw new UserError(
    `the organisation has ${count} OAuth clients, and the limit is ${mostClients}: no client is created. Delete some, or raise rotation.mostClients in the registry`,
  );
}
