import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";
import { vaultOf } from "../../registry/vault-mount";
import { type EntryValue, readEntry, vaultPlace } from "../../rotation/vault-entries/vault-entry";
import { type EngineConfiguration, GenesysEngine } from "../../vault/client/genesys-engine";
import { HttpKvStore } from "../../vault/client/http-kv-store";
import { connectVault } from "../../vault/client/vault-connection";
import { vaultToken } from "../../vault/client/vault-token";
import type { Io } from "../terminal/io";

/** The engine of an org's brokered clients, and the entry with its first master. */
export interface BrokerEngine {
  readonly mount: string;
  readonly mostClients: number;
  readonly engine: Pick<GenesysEngine, "configure" | "rotateRoot">;
  /**
   * Reads the engine's configuration; undefined if there is none yet.
   * @throws UserError if there is no engine
   */
  configuration(): Promise<EngineConfiguration | undefined>;
  /**
   * Reads the entry with the first master.
   * @throws UserError if there is none
   */
  firstMaster(): Promise<EntryValue>;
}

/**
 * Opens the engine of an org's brokered clients with the caller's Vault token: no job of CI may configure it.
 *
 * @throws UserError if the org has no brokered client, or the caller no token
 */
export function openBrokerEngine({ env }: Pick<Io, "env">, org: OrgReport): BrokerEngine {
  const { name, organizationId, brokeredClients = [], vaultAccess } = org;
  const { broker, ...vault } = vaultOf(org);
  if (!broker || brokeredClients.length === 0) {
    throw new UserError(
      `${name} has no OAuth client with broker in the registry: add broker to one of its oauthClients`,
    );
  }
  const session = { ...connectVault(env, vault), token: vaultToken(env) };
  const { mount, entry, mostClients } = broker;
  const engine = new GenesysEngine({ ...session, mount });
  return {
    mount,
    mostClients,
    engine,
    configuration: () =>
      engine.configuration().catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(`${name}: ${error.message}: deploy ${vaultAccess?.stack} first`);
      }),
    firstMaster: async () => {
      const place = vaultPlace(vault);
      const store = new HttpKvStore({ ...session, mount: vault.mount });
      const found = await readEntry(store, place, entry, organizationId);
      if (found) return found.value;
      throw new UserError(
        `${name}: the Vault entry ${entry} ${place.where} does not exist: create an OAuth client that nothing else uses, and write its client_id, client_secret and org_id there`,
      );
    },
  };
}
