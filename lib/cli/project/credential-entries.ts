import { proxiedFetch } from "../../http/proxy";
import type { OrgReport } from "../../registry/report";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import type { KvStore } from "../../vault/client/kv-store";
import { vaultToken } from "../../vault/client/vault-token";
import type { Io } from "../terminal/io";

/**
 * Opens the entries of an org's own credentials (deployer, planner, master), as the caller.
 *
 * @throws UserError if the caller cannot log in
 */
export async function openEntries(io: Io, { vault }: OrgReport): Promise<KvStore> {
  const { address, namespace, mount } = vault;
  const token = vaultToken(io.env);
  return new HttpKvStore({ address, namespace, mount, token, fetch: proxiedFetch });
}
