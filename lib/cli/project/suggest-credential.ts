import { nearest } from "../../registry/nearest";
import type { OrgReport } from "../../registry/report";
import type { Io } from "../terminal/io";

/**
 * Says which credential may be meant, if one is not in the registry. That is no error: code may create
 * it, or it has left the registry and still has clients.
 */
export function suggestCredential(
  io: Io,
  { name, oauthClients }: OrgReport,
  credential: string,
): void {
  if (oauthClients.includes(credential)) return;
  const [meant] = nearest(credential, oauthClients);
  if (meant === undefined) return;
  io.stderr.write(`${name}: ${credential} is not in the registry; did you mean ${meant}?\n`);
}
