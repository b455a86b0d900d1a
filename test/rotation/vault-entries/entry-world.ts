import { PlatformApi } from "../../../lib/genesys/platform-api";
import type { VaultCredential } from "../../../lib/registry/model";
import { type EntryRotation, rotateEntry } from "../../../lib/rotation/vault-entries/rotate-entry";
import { SecretEntries } from "../../../lib/rotation/vault-entries/secret-entries";
import { secretsPlace, vaultPlace } from "../../../lib/rotation/vault-entries/vault-entry";
import { HttpKvStore } from "../../../lib/vault/client/http-kv-store";
import { FakeClock } from "../../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys, type Fault } from "../../support/fakes/fake-genesys";
import { FakeVault, VAULT_TOKEN, type VaultFault } from "../../support/fakes/fake-vault";
import { type Crash, Process, type Turn, Violation } from "../rotation-world";
import { AWS, FakeEntrySecrets } from "./fake-entry-secrets";

export const ORG_ID = "11111111-1111-4111-8111-111111111111";
export const DAY = 24 * 3_600_000;
export const CREDENTIALS = ["deployer", "planner", "master"] as const;
const PLACE = { address: "https://vault.example.com", mount: "secret" };
export const pathOf = (credential: string) => `genesys/production/na-prod/${credential}`;
export const descriptionOf = (credential: string) =>
  `vault:https://vault.example.com/secret/${pathOf(credential)}`;

/** The place of the entries. */
export type PlaceName = "Vault" | "Secrets Manager";

/** A credential that somebody may use, and that must work until then. */
interface InUse {
  readonly clientId: string;
  readonly secret: string;
  readonly until: number;
  readonly what: string;
}

/** Options of the command. */
export interface Run {
  readonly credential: VaultCredential;
  readonly retireOnly?: boolean;
  readonly ifOlderThan?: number;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
}

/** What a test sees of the entries, and what a person does with them. */
interface Entries {
  write(path: string, value: Record<string, unknown>): unknown;
  at(path: string, version?: number): Record<string, unknown> | undefined;
  newest(path: string): number;
  flush(): void;
}

/** An organisation with its three entries, and everyone who rotates and uses them. */
export class EntryWorld {
  readonly clock = new FakeClock();
  readonly faults: Fault[] = [];
  readonly vaultFaults: (VaultFault | "land")[] = [];
  /** Faults of the most important requests: to create a client, and to write a version. */
  readonly createFaults: Fault[] = [];
  readonly writeFaults: VaultFault[] = [];
  readonly genesys: FakeGenesys;
  readonly vault: FakeVault;
  readonly secrets: FakeEntrySecrets;
  /** The entries in their place. */
  readonly entries: Entries;
  /** Version of the master in the registry. In Secrets Manager, the rotator reads the newest one. */
  masterVersion: number | undefined;
  mostClients = 500;
  /** Whether a person broke an entry: nothing needs to work then. */
  isBroken = false;
  private copied: { readonly clientId: string; readonly secret: string };
  private readonly last = new Map<string, string>();
  private inUse: InUse[] = [];
  private readonly recorded = new Set<string>();
  private readonly foreign;
  private readonly foreignBefore: string;

  /**
   * @param shared whether all entries began with the same client
   * @param creators whether Genesys Cloud says who created a client
   */
  constructor(
    lag = 0,
    shared = false,
    creators = true,
    private readonly place: PlaceName = "Vault",
  ) {
    this.genesys = new FakeGenesys({
      unknowns: { creators, modifies: true },
      clock: this.clock,
      lag,
      pageSize: 10,
      orgId: ORG_ID,
      fault: (call) =>
        (call === "POST /api/v2/oauth/clients" ? this.createFaults : this.faults).shift() ?? "none",
    });
    this.vault = new FakeVault({
      clock: this.clock,
      fault: (call) => {
        const faults = call.startsWith("POST") ? this.writeFaults : this.vaultFaults;
        const fault = faults.shift() ?? "none";
        if (fault !== "land") return fault;
        this.vault.flush();
        return "none";
      },
    });
    this.secrets = new FakeEntrySecrets({
      clock: this.clock,
      fault: (kind) => {
        const fault = (kind === "write" ? this.writeFaults : this.vaultFaults).shift() ?? "none";
        if (fault !== "land") return fault;
        this.secrets.flush();
        return "none";
      },
    });
    this.entries = place === "Vault" ? this.vault : this.secrets;
    if (place === "Vault") this.masterVersion = 1;
    const all = shared ? this.genesys.seed({ ...LIKE, name: "Terraform" }) : undefined;
    for (const credential of CREDENTIALS) {
      const client = all ?? this.genesys.seed({ ...LIKE, name: `CI ${credential}` });
      this.entries.write(this.pathOf(credential), {
        client_id: client.id,
        client_secret: client.secret,
        org_id: ORG_ID,
        note: "by hand",
      });
    }
    this.copied = this.credentialIn("master");
    this.entries.write("genesys/production/eu-prod/deployer", { client_id: "not-ours" });
    // Clients that look like ours, but are not.
    this.foreign = [
      { name: "CI deployer#2", description: "by hand" },
      { name: "CI deployer#1", description: this.descriptionOf("deployer").replace("na-", "eu-") },
      { name: "CI deployer", description: this.descriptionOf("deployer") },
      { name: "CI deployer#old", description: this.descriptionOf("deployer") },
      ...CREDENTIALS.flatMap((credential) =>
        ["#1", "#2", "#3"].map((version) => ({
          name: `CI ${credential}${version}`,
          description: this.descriptionOf(credential),
        })),
      ),
    ].map((fields) =>
      Object.assign(this.genesys.seed(fields), creators && { createdBy: "a-person" }),
    );
    this.foreignBefore = this.foreignNow();
    this.clock.advance(2 * DAY);
    this.check();
  }

  /**
   * Runs the command once.
   * @returns undefined if it failed or died
   */
  async run(
    { credential, ...options }: Run,
    turn: Turn = async () => {},
    crash?: Crash,
  ): Promise<EntryRotation | undefined> {
    const process = new Process(turn, crash, this.check);
    const fetchOf = (service: { readonly fetch: typeof fetch }) =>
      ((...request: Parameters<typeof fetch>) =>
        process.outside(() => service.fetch(...request))) as typeof fetch;
    const patience = {
      clock: this.clock,
      random: () => 0.5,
      timeout: Number.POSITIVE_INFINITY,
    };
    const store =
      this.place === "Vault"
        ? new HttpKvStore({
            ...PLACE,
            ...patience,
            token: VAULT_TOKEN,
            fetch: fetchOf(this.vault),
          })
        : new SecretEntries(this.secrets.callsOf(process.outside.bind(process)), secretsPlace(AWS));
    const ended = rotateEntry({
      credential,
      ...options,
      place: this.place === "Vault" ? vaultPlace(PLACE) : secretsPlace(AWS),
      entries: {
        deployer: this.pathOf("deployer"),
        planner: this.pathOf("planner"),
        master: this.pathOf("master"),
      },
      store,
      apiAs: (clientId, clientSecret) =>
        new PlatformApi({
          ...patience,
          region: "us-east-1",
          clientId,
          clientSecret,
          endpoints: FAKE_ENDPOINTS,
          fetch: fetchOf(this.genesys),
        }),
      org: {
        name: "na-prod",
        id: ORG_ID,
        masterVersion: this.masterVersion,
        mostClients: this.mostClients,
      },
      clock: this.clock,
    }).catch((error: Error) => {
      if (error instanceof Violation || error instanceof TypeError) throw error;
      this.lastError = error;
      return undefined;
    });
    return Promise.race([ended, process.death.then(() => undefined)]);
  }

  lastError: Error | undefined;

  /** Ends all faults. */
  calm(): void {
    for (const list of [this.faults, this.vaultFaults, this.createFaults, this.writeFaults]) {
      list.length = 0;
    }
    this.entries.flush();
  }

  /** A person changes another field. */
  edit(credential: VaultCredential): void {
    const path = this.pathOf(credential);
    this.entries.write(path, { ...this.entries.at(path), note: `at ${this.clock.now()}` });
    this.check();
  }

  /** A person rolls back to the previous version, as long as it certainly works. */
  rollBack(credential: VaultCredential): void {
    const path = this.pathOf(credential);
    const inVault = this.place === "Vault";
    const value = inVault
      ? this.vault.at(path, this.vault.newest(path) - 1)
      : this.secrets.previous(path);
    const still = this.inUse.some(
      ({ clientId, until }) => clientId === value?.client_id && this.clock.now() < until,
    );
    if (!value || !still) return;
    if (inVault) this.vault.write(path, value);
    else this.secrets.rollBack(path);
    this.check();
  }

  /** The registry names the newest version of the master, and the org's stack is applied. */
  pin(): void {
    if (this.place === "Vault") this.masterVersion = this.vault.newest(pathOf("master"));
  }

  apply(): void {
    if (this.place !== "Vault") return;
    const { client_id: clientId, client_secret: secret } =
      this.vault.at(pathOf("master"), this.masterVersion) ?? {};
    // Terraform fails if the engine dropped the version.
    if (clientId) this.copied = { clientId: `${clientId}`, secret: `${secret}` };
  }

  /** Whether a person may confirm it with `--retire-only`. */
  get isApplied(): boolean {
    if (this.place !== "Vault") return true;
    const pinned = this.vault.at(pathOf("master"), this.masterVersion);
    return pinned?.client_id === this.stack.clientId;
  }

  /** Lets time pass, after every consumer got a token with its credential. */
  wait(milliseconds: number): void {
    const current = CREDENTIALS.map((credential) => this.credentialIn(credential));
    for (const { clientId, secret } of [this.stack, ...current, ...this.inUse]) {
      this.genesys.use(clientId, secret);
    }
    this.clock.advance(milliseconds);
  }

  /** Checks the conditions that must hold at every moment. */
  readonly check = (): void => {
    if (this.isBroken) return;
    const now = this.clock.now();
    for (const credential of CREDENTIALS) {
      const { clientId, secret } = this.credentialIn(credential);
      this.recorded.add(clientId);
      const before = this.last.get(credential);
      if (before !== undefined && before !== `${clientId} ${secret}`) {
        const [id = "", old = ""] = before.split(" ");
        const what = `the previous ${credential}`;
        this.inUse.push({ clientId: id, secret: old, until: now + DAY, what });
      }
      this.last.set(credential, `${clientId} ${secret}`);
      this.assertWorks(clientId, secret, `the newest version of ${credential}`);
    }
    this.assertWorks(this.stack.clientId, this.stack.secret, "the rotator's master");
    this.inUse = this.inUse.filter(({ until }) => now < until);
    for (const { clientId, secret, what } of this.inUse) this.assertWorks(clientId, secret, what);
    if (this.foreignNow() !== this.foreignBefore) {
      throw new Violation("somebody else's client or entry was touched");
    }
    const cut = this.genesys.cutOff.filter((id) => this.recorded.has(id));
    if (cut.length > 0) throw new Violation(`tokens of ${cut} were cut off`);
  };

  private assertWorks(clientId: string, secret: string, what: string): void {
    if (!this.genesys.works(clientId, secret)) throw new Violation(`${what} does not work`);
  }

  /** The master that the rotator works with. */
  private get stack() {
    return this.place === "Vault" ? this.copied : this.credentialIn("master");
  }

  pathOf(credential: string): string {
    return this.place === "Vault"
      ? pathOf(credential)
      : `/genesys/production/na-prod/_${credential}`;
  }

  descriptionOf(credential: string): string {
    return this.place === "Vault"
      ? descriptionOf(credential)
      : `arn:aws:secretsmanager:us-east-1:111111111111:secret:${this.pathOf(credential)}`;
  }

  credentialIn(credential: string): { readonly clientId: string; readonly secret: string } {
    const { client_id: clientId, client_secret: secret } =
      this.entries.at(this.pathOf(credential)) ?? {};
    return { clientId: `${clientId}`, secret: `${secret}` };
  }

  /** Active clients that were created for an entry, and are in none of its versions. */
  unrecorded(credential: string): string[] {
    return [...this.genesys.clients.values()]
      .filter(({ fields }) => fields.description === this.descriptionOf(credential))
      .filter(({ id, fields }) => fields.state === "active" && !this.recorded.has(id))
      .filter(({ id }) => !this.foreign.some((foreign) => foreign.id === id))
      .map(({ id }) => id);
  }

  /** Ids of all clients that are not somebody else's. */
  get ours(): string[] {
    const foreign = this.foreign.map(({ id }) => id);
    return [...this.genesys.clients.keys()].filter((id) => !foreign.includes(id));
  }

  /** Ids of the entries' own clients that nothing proves to be theirs any more. */
  get unproven(): string[] {
    const path = this.pathOf("master");
    const masters = Array.from({ length: this.entries.newest(path) }, (_, index) =>
      this.entries.at(path, index + 1),
    ).map((value) => value?.client_id);
    return this.ours.filter(
      (id) =>
        !this.recorded.has(id) && !masters.includes(this.genesys.clients.get(id)?.createdBy ?? ""),
    );
  }

  private foreignNow(): string {
    const clients = this.foreign.map(({ id }) => this.genesys.clients.get(id));
    return JSON.stringify([clients, this.entries.at("genesys/production/eu-prod/deployer")]);
  }
}

const LIKE = {
  roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
  accessTokenValiditySeconds: 172_800,
};
