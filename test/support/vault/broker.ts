import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { FastClock } from "../fakes/fast-clock";
import { type BrokerOrg, GENESYS_ROLE } from "./broker-org";
import { VAULT_SERVER_MISSING, type VaultAnswer, VaultServer } from "./vault-server";

/** Why the tests of the secrets engine cannot run; undefined if they can. */
export const BROKER_MISSING: string | undefined = !process.env.VAULT_SERVER
  ? VAULT_SERVER_MISSING
  : !process.env.VAULT_PLUGIN
    ? "the Vault plugin is missing: run `go build -C vault-plugin -o <file> ./cmd/vault-plugin-for-tests`, and set VAULT_PLUGIN to the file"
    : undefined;

const pluginFile = () => realpathSync(process.env.VAULT_PLUGIN as string);

/** Returns the clock of the plugin. */
export const pluginClock = (speed: number): FastClock =>
  new FastClock(speed, statSync(pluginFile()).mtimeMs);

/**
 * Starts a Vault whose plugin has a fast clock.
 * @param speed how many times as fast
 */
export async function startBrokerVault(speed: number, storage?: string): Promise<VaultServer> {
  const plugin = pluginFile();
  const vault = await VaultServer.start({
    storage,
    plugins: dirname(plugin),
    // A minute of the plugin.
    rollbackPeriod: 60_000 / speed,
  });
  await vault.must("PUT", `sys/plugins/catalog/secret/${PLUGIN}`, {
    sha256: createHash("sha256").update(readFileSync(plugin)).digest("hex"),
    command: basename(plugin),
    env: [`CLOCK_SPEED=${speed}`],
  });
  return vault;
}

export const PLUGIN = "genesyscloud";

/** A lease of a token. */
export interface TokenLease {
  readonly lease: string;
  readonly token: string;
  /** Id of the client that the token belongs to. */
  readonly client: string;
}

/** A lease of a client. */
export interface ClientLease {
  readonly lease: string;
  readonly client: string;
  readonly secret: string;
}

let count = 0;

/** The secrets engine on a mount of its own, with a master of its own. */
export class Broker {
  readonly master;

  private constructor(
    readonly vault: VaultServer,
    readonly org: BrokerOrg,
    readonly mount: string,
  ) {
    this.master = org.master();
  }

  static async mount(
    vault: VaultServer,
    org: BrokerOrg,
    config: object = {},
    mount = `genesyscloud-${++count}`,
  ): Promise<Broker> {
    const broker = new Broker(vault, org, mount);
    const { id: client_id, secret: client_secret } = broker.master;
    const fields = { org: "na-prod", client_id, client_secret, ...org.addresses, ...config };
    await vault.must("POST", `sys/mounts/${mount}`, { type: PLUGIN });
    await broker.must("PUT", "config", fields);
    return broker;
  }

  role(name: string, fields: object = {}): Promise<void> {
    const role_divisions = `${GENESYS_ROLE}:*`;
    return this.must("PUT", `roles/${name}`, { role_divisions, allow_creds: true, ...fields });
  }

  async token(role: string): Promise<TokenLease> {
    const { lease_id: lease, data } = await this.must("GET", `token/${role}`);
    return { lease, token: data.access_token, client: data.client_id };
  }

  async creds(role: string): Promise<ClientLease> {
    const { lease_id: lease, data } = await this.must("GET", `creds/${role}`);
    return { lease, client: data.client_id, secret: data.client_secret };
  }

  renew(lease: string, increment: string): Promise<void> {
    return this.vault.must("PUT", "sys/leases/renew", { lease_id: lease, increment });
  }

  /** Revokes a lease, and waits until that is done. */
  revoke(lease: string): Promise<void> {
    return this.vault.must("PUT", "sys/leases/revoke", { lease_id: lease, sync: true });
  }

  /** Whether Vault has a lease. */
  async has(lease: string): Promise<boolean> {
    return (await this.vault.send("PUT", "sys/leases/lookup", { lease_id: lease })).status === 200;
  }

  /** Starts the engine of this mount anew, so that it knows only what is stored. */
  reload(): Promise<void> {
    return this.vault.must("PUT", "sys/plugins/reload/backend", { mounts: [`${this.mount}/`] });
  }

  /** Waits until Vault has started a plugin again that has died. */
  async ready(): Promise<void> {
    while ((await this.send("GET", "config")).status !== 200) await soon();
  }

  rotateRoot(fields: object = {}): Promise<void> {
    return this.must("PUT", "config/rotate-root", fields);
  }

  rotate(role: string): Promise<void> {
    return this.must("PUT", `roles/${role}/rotate`);
  }

  /** Returns the id of the client that is the master now. */
  async masterNow(): Promise<string> {
    return (await this.must("GET", "config")).data.client_id;
  }

  /**
   * Waits until the organisation has no client that the engine made, except some; returns those that are
   * left after an hour of the engine's clock.
   */
  async onlyClients(kept: readonly string[]): Promise<string[]> {
    const { org } = this;
    for (const end = org.clock.now() + 3_600_000; ; await soon()) {
      const left = org.madeBy(this.master.id).filter(({ id }) => !kept.includes(id));
      if (left.length === 0 || org.clock.now() > end) {
        return left.map(({ fields }) => `${fields.name} ${fields.state}`);
      }
    }
  }

  /** Does the periodic work, and returns how many clients the engine has. */
  async tidy(): Promise<number> {
    return (await this.must("PUT", "tidy")).data.clients;
  }

  send(method: string, path: string, body?: object): Promise<VaultAnswer> {
    return this.vault.send(method, `${this.mount}/${path}`, body);
  }

  must(method: string, path: string, body?: object): Promise<VaultAnswer["body"]> {
    return this.vault.must(method, `${this.mount}/${path}`, body);
  }
}

const soon = () => new Promise((done) => setTimeout(done, 20));
