import { nearest } from "../../registry/nearest";
import type { OrgReport } from "../../registry/report";
import type { Io } from "../terminal/io";

/**
 * Says which credential may be meant, if one is not in the registry, and where a brokered one is ended. That
 * is no error: code may create it, or it has left the registry, or moved to Vault, and still has clients.
 */
export function suggestCredential(
  io: Io,
  { name, oauthClients, brokeredClients = [] }: OrgReport,
  credential: string,
): void {
  if (oauthClients.includes(credential)) return;
  const brokered = brokeredClients.find((client) => client.name === credential);
  if (brokered) {
    io.stderr.write(
      `${name}: Vault brokers ${credential}, so only OAuth clients that the rotator made for it before are found here; \`vault lease revoke -prefix ${brokered.tokenPath}\` ends what Vault gave out\n`,
    );
    return;
  }
  const [meant] = nearest(credential, oauthClients);
  if (meant === undefined) return;
  io.stderr.write(`${name}: ${credential} is not in the registry; did you mean ${meant}?\n`);
}
