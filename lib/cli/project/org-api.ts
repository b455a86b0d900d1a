import { UserError } from "../../errors";
import { PlatformApi } from "../../genesys/platform-api";
import type { Clock } from "../../http/clock";
import { proxiedFetch } from "../../http/proxy";
import type { GenesysRegion } from "../../registry/genesys-regions";
import type { VaultCredential } from "../../registry/model";
import type { OrgReport } from "../../registry/report";
import { readEntry } from "../../rotation/vault-entries/vault-entry";
import type { KvStore } from "../../vault/client/kv-store";
import type { Io } from "../terminal/io";
import { entriesOf, openEntries } from "./credential-entries";

/** As whom the Platform API is called. */
export interface OrgApiProps {
  readonly credential: VaultCredential;
  readonly clock: Clock;
  /** The org's entries. @default - opened with the login of the planner's job */
  readonly store?: KvStore;
}

/**
 * Returns the Platform API, called as one of an org's own credentials.
 *
 * @throws UserError if there is no such credential, or it belongs to another organisation
 */
export async function orgApi(
  io: Io,
  org: OrgReport,
  { credential, clock, store }: OrgApiProps,
): Promise<PlatformApi> {
  const { place, paths } = entriesOf(org);
  const opened = store ?? (await openEntries(io, org, "planner"));
  const path = paths[credential];
  const entry = await readEntry(opened, place, path, org.organizationId);
  if (!entry) {
    throw new UserError(
      `${place.name} has no entry ${path} ${place.where}: write the client of the ${credential} to it`,
    );
  }
  const { client_id: clientId, client_secret: clientSecret } = entry.value;
  const region = org.genesysRegion as GenesysRegion;
  const api = new PlatformApi({ region, clientId, clientSecret, clock, fetch: proxiedFetch });
  const belongsTo = await api.organizationId();
  if (belongsTo.toLowerCase() !== org.organizationId.toLowerCase()) {
    throw new UserError(
      `client ${clientId} in ${path} belongs to organisation ${belongsTo}, but the registry says ${org.organizationId}: write a client of ${org.name} to the entry`,
    );
  }
  return api;
}
