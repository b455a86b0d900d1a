import { UserError } from "../../../errors";
import type { PlatformApi } from "../../../genesys/platform-api";
import type { Clock } from "../../../http/clock";
import type { LiveSecret } from "../../../inventory/live-secret";
import { readInventory } from "../../../inventory/read-inventory";
import type { VaultCredential } from "../../../registry/model";
import { VAULT_CREDENTIALS } from "../../../registry/names";
import type { OrgReport } from "../../../registry/report";
import type { OwnClients } from "../../../rotation/hand-over/ours";
import { arnOf } from "../../../rotation/rotation-names";
import {
  entryCalled,
  entryDescriptionOf,
  readEntry,
  withHistory,
} from "../../../rotation/vault-entries/vault-entry";
import type { KvStore } from "../../../vault/client/kv-store";
import { entriesOf, openEntries } from "../../project/credential-entries";
import { idsInStates } from "../../project/ids-in-states";
import { orgApi } from "../../project/org-api";
import { backendsOf } from "../../project/org-backends";
import { type Io, pause } from "../../terminal/io";
import type { Progress } from "../../terminal/progress";

/** All that says which clients of an organisation were not made by hand. */
export interface HandOverFacts {
  readonly org: OrgReport;
  readonly api: PlatformApi;
  readonly clock: Clock;
  readonly own: OwnClients;
  /** The secrets of its credentials, by their names. */
  readonly secrets: ReadonlyMap<string, LiveSecret>;
}

/**
 * Reads all that says which clients of an organisation were not made by hand.
 *
 * @param as the credential that calls Genesys Cloud
 * @throws UserError if a part cannot be read: without it, nobody knows whose a client is
 */
export async function readFacts(
  io: Io,
  name: string,
  as: VaultCredential,
  progress: Progress,
): Promise<HandOverFacts> {
  progress.step(`${name}: reading the state`);
  const { backends } = await backendsOf(io, name);
  const { org } = backends[0];
  const inStates = await idsInStates(backends);
  progress.step(`${name}: reading the organisation's own credentials`);
  const store = await openEntries(io, org);
  const entries = await idsInEntries(org, store);
  progress.step(`${name}: reading the secrets`);
  const { secrets } = await readInventory(org, { now: io.now() });
  const clock = { now: io.now, sleep: (milliseconds: number) => pause(io, milliseconds) };
  const api = await orgApi(io, org, { credential: as, clock, store });
  const own: OwnClients = {
    entries,
    descriptions: descriptionsOf(org),
    noted: new Map(
      org.secrets.flatMap((secret) =>
        (secrets.get(secret.secretName)?.clients ?? []).map(({ id }) => [id, secret.name] as const),
      ),
    ),
    inStates: new Map(
      inStates
        .filter(({ type }) => type === "genesyscloud_oauth_client")
        .map(({ id, address }) => [id, address]),
    ),
    secretPrefix: arnOf(org, "secretsmanager", `secret:${org.secretPrefix}`),
  };
  return { org, api, clock, own, secrets };
}

/** Returns the client ids in all versions of the org's entries that can be read. */
async function idsInEntries(
  org: OrgReport,
  store: KvStore,
): Promise<ReadonlyMap<string, VaultCredential>> {
  const { place, paths } = entriesOf(org);
  const ids = new Map<string, VaultCredential>();
  // The master is last: a client that is also another credential counts as the master's.
  for (const credential of ["planner", "deployer", "master"] as const) {
    const path = paths[credential];
    const entry = await readEntry(store, place, path, org.organizationId);
    if (!entry) {
      throw new UserError(
        `${entryCalled(path)} ${place.where} does not exist: write client_id, client_secret and org_id of the ${credential} to it`,
      );
    }
    const { recorded } = await withHistory(store, entry);
    for (const id of recorded.values()) ids.set(id, credential);
  }
  return ids;
}

function descriptionsOf(org: OrgReport): ReadonlyMap<string, VaultCredential> {
  const { place, paths } = entriesOf(org);
  return new Map(
    VAULT_CREDENTIALS.map((credential) => [
      entryDescriptionOf(place, paths[credential]),
      credential,
    ]),
  );
}
