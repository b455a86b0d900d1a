import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import type { Io } from "../../terminal/io";
import { retireClients, unprovenIn } from "../retire/retire-clients";

/**
 * Asks the org's reconciler for OAuth clients, which Terraform does not know, and which a destroy would
 * leave behind without the functions that rotate and retire them.
 *
 * @throws UserError if there are any, or if nobody can tell
 */
export async function refuseLiveClients(io: Io, org: OrgReport): Promise<void> {
  const answer = await retireClients(io, org, [], {});
  const own = answer.credentials.filter(({ clients }) => clients.length > 0);
  if (own.length === 0) return;
  const count = own.reduce((sum, { clients }) => sum + clients.length, 0);
  const names = own.map(({ name, clients }) => `${name} (${clients.length})`).join(", ");
  const unproven = unprovenIn(answer);
  const byHand =
    unproven.length > 0 ? `; delete ${unproven.join(", ")} by hand in Genesys Cloud` : "";
  throw new UserError(
    `${org.name}: ${counted(count, "OAuth client")} ${count === 1 ? "is" : "are"} alive, and would stay without rotation: ${names}. Retire them first: \`genesys-orgs retire ${org.name} --yes --wait\`${byHand}`,
  );
}
