import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BROKER_MISSING, Broker, pluginClock, startBrokerVault } from "../support/vault/broker";
import { BrokerOrg, type Moment } from "../support/vault/broker-org";
import { printedTable } from "../support/vault/printed-table";
import type { VaultServer } from "../support/vault/vault-server";

const SPEED = 600;
const LASTING = { first_ttl: "24h", ttl: "24h", token_lifetime: "24h", delete_at_once: true };
const CREATE = "POST /api/v2/oauth/clients";

if (BROKER_MISSING) {
  test.skip(BROKER_MISSING, () => {});
} else {
  let vault: VaultServer;
  let storage: string;
  const orgs: BrokerOrg[] = [];

  beforeAll(async () => {
    storage = mkdtempSync(join(tmpdir(), "genesys-orgs-broker-"));
    vault = await startBrokerVault(SPEED, storage);
  });
  afterEach(async () => {
    for (const org of orgs.splice(0)) {
      expect(org.trespasses()).toEqual([]);
      expect(org.othersAreUntouched()).toBe(true);
      await org.stop();
    }
  });
  afterAll(async () => {
    await vault?.stop();
    rmSync(storage, { recursive: true, force: true });
  });

  const startOrg = async (props: Parameters<typeof BrokerOrg.start>[1] = {}) => {
    const org = await BrokerOrg.start(pluginClock(SPEED), props);
    orgs.push(org);
    return org;
  };

  /** Loses the connection of a call once. */
  const losing = (lost: string, moment: Moment) => (org: BrokerOrg) => {
    let count = 0;
    org.hook = async (when, call) => {
      if (when !== moment || call.replace(/client-\d+/, "<client>") !== lost) return;
      count += 1;
      if (count === 1) throw new Error("the connection is lost");
    };
    return () => count;
  };

  test("a token and a client for as long as their leases: a transcript", async () => {
    const org = await startOrg();
    const broker = await Broker.mount(vault, org, {}, "genesyscloud");
    await broker.role("crm-sync", LASTING);
    const lines = [`# time runs ${SPEED} times as fast: 144s are a day`];
    const secrets: string[] = [];
    const inOrg = () => {
      const made = org.madeBy(broker.master.id);
      const rows = made.map(({ id, fields }) => [`  ${id}`, `${fields.name}`, `${fields.state}`]);
      lines.push("# in the organisation:", printedTable(rows) || "  no client of Vault's", "");
    };
    const shown = async (path: string): Promise<string> => {
      const { lease_id, lease_duration, data } = await broker.must("GET", path);
      const secret = data.access_token ?? data.client_secret;
      secrets.push(secret);
      const rows = Object.entries({ lease_id, lease_duration: `${lease_duration}s`, ...data }).map(
        ([key, value]) => [key, value === secret ? "********" : String(value)],
      );
      lines.push(`$ vault read ${broker.mount}/${path}`, printedTable(rows), "");
      inOrg();
      return lease_id;
    };
    const revoked = async (lease: string) => {
      await broker.revoke(lease);
      lines.push(`$ vault lease revoke -sync ${lease}`, "");
      inOrg();
    };

    inOrg();
    const token = await shown("token/crm-sync");
    const [ofRole] = org.madeBy(broker.master.id);
    expect(org.genesys.accepts(secrets[0] ?? "")).toBe(true);
    const client = await shown("creds/crm-sync");
    const leased = org.madeBy(broker.master.id).find(({ id }) => id !== ofRole?.id);
    expect(org.genesys.works(leased?.id ?? "", secrets[1] ?? "")).toBe(true);
    await revoked(client);
    expect(org.madeBy(broker.master.id)).toEqual([ofRole]);
    await revoked(token);
    expect(org.genesys.accepts(secrets[0] ?? "")).toBe(false);

    const transcript = lines.join("\n");
    for (const secret of secrets) expect(transcript).not.toContain(secret);
    process.stdout.write(`${transcript}\n`);
  });

  test("a master of another organisation is refused, and nothing is stored", async () => {
    const [org, other] = [await startOrg(), await startOrg({ orgId: "2".repeat(8) })];
    const broker = await Broker.mount(vault, org);
    const before = await broker.must("GET", "config");
    const stranger = other.master();
    const wrong = {
      ...other.addresses,
      org_id: org.genesys.orgId,
      client_id: stranger.id,
      client_secret: stranger.secret,
    };
    const { status, body } = await broker.send("PUT", "config", wrong);
    expect([status, body.errors[0]]).toEqual([
      400,
      `org na-prod: client_id ${stranger.id} belongs to the organisation 22222222, but org_id is ${org.genesys.orgId}: nothing was stored`,
    ]);
    expect((await broker.must("GET", "config")).data).toEqual(before.data);
    await expect(Broker.mount(vault, org, wrong)).rejects.toThrow("nothing was stored");
    await broker.role("crm", LASTING);
    await broker.revoke((await broker.creds("crm")).lease);
    expect(other.clients()).toHaveLength(4);
  });

  test("the answer to a create is lost: it is not repeated, and its client is removed later", async () => {
    const org = await startOrg();
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", LASTING);
    const creates = losing(CREATE, "done")(org);
    const { status, body } = await broker.send("GET", "creds/crm");
    expect([status, body.errors[0], creates()]).toEqual([
      500,
      expect.stringMatching(
        /org na-prod, role crm: POST \S+: no answer .* It may have worked nevertheless: the engine looks it up in 15 minutes\. It is safe to ask again now/,
      ),
      1,
    ]);
    const { client, lease } = await broker.creds("crm");
    expect(org.madeBy(broker.master.id)).toHaveLength(2);
    expect(await broker.onlyClients([client])).toEqual([]);
    await broker.revoke(lease);
    expect(org.madeBy(broker.master.id)).toEqual([]);
  });

  test.each([
    ["POST /oauth/token", "arrived"],
    ["POST /oauth/token", "done"],
    [CREATE, "arrived"],
    ["GET /api/v2/tokens/me", "arrived"],
    ["GET /api/v2/tokens/me", "done"],
    ["GET /api/v2/oauth/clients/<client>", "done"],
    ["PUT /api/v2/oauth/clients/<client>", "arrived"],
    ["PUT /api/v2/oauth/clients/<client>", "done"],
    ["DELETE /api/v2/oauth/clients/<client>", "arrived"],
    ["DELETE /api/v2/oauth/clients/<client>", "done"],
  ] as const)("%s is lost when it has %s: the lease is made and revoked", async (call, moment) => {
    const org = await startOrg();
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", LASTING);
    const lost = losing(call, moment)(org);
    const first = await broker.send("GET", "creds/crm");
    // Nobody can know whether a create that is lost has worked.
    expect(first.status).toBe(call === CREATE ? 500 : 200);
    const { lease_id } = call === CREATE ? await broker.must("GET", "creds/crm") : first.body;
    await broker.revoke(lease_id);
    expect(lost()).toBeGreaterThan(1);
    expect(await broker.onlyClients([])).toEqual([]);
  });

  test("a consumer that gives up while its client becomes known leaves nothing", async () => {
    const org = await startOrg({ lag: 50_000 });
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", LASTING);
    const refused = new Promise<void>((done) => {
      org.hook = async (_, call, caller) => {
        if (call === "POST /oauth/token" && caller !== broker.master.id) done();
      };
    });
    const giveUp = vault.begin("GET", `${broker.mount}/creds/crm`);
    await refused;
    giveUp();
    expect(org.madeBy(broker.master.id)).toHaveLength(1);
    expect(await broker.onlyClients([])).toEqual([]);
  });

  test("Vault is sealed, and then killed, in the middle of leases: they go on", async () => {
    const org = await startOrg();
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", LASTING);
    await broker.role("cut", { delete_at_once: true });
    const [token, client] = [await broker.token("crm"), await broker.creds("crm")];
    const isGood = () =>
      org.genesys.accepts(token.token) && org.genesys.works(client.client, client.secret);
    const interruptions: [() => Promise<void>, () => Promise<void>][] = [
      [() => vault.seal(), () => vault.unseal()],
      [() => vault.crash(), () => vault.restart()],
    ];
    for (const [begins, ends] of interruptions) {
      // A request is under way.
      const created = new Promise<void>((done) => {
        org.hook = async (when, call) => {
          if (when === "arrived" && call === CREATE) done();
        };
      });
      const cut = broker.send("GET", "creds/cut").catch(() => {});
      await created;
      await begins();
      await cut;
      expect(isGood()).toBe(true);
      await ends();
      await broker.renew(client.lease, "24h");
      await broker.revoke((await broker.token("crm")).lease);
      expect(isGood()).toBe(true);
    }
    expect(await broker.onlyClients([token.client, client.client])).toEqual([]);
    await broker.revoke(client.lease);
    await broker.revoke(token.lease);
    expect(isGood()).toBe(false);
    expect(org.madeBy(broker.master.id).map(({ id }) => id)).toEqual([token.client]);
  });

  test("the master is replaced while leases are made and revoked: no request fails", async () => {
    const org = await startOrg();
    const broker = await Broker.mount(vault, org, { most_clients: 1_000 });
    await broker.role("crm", { ...LASTING, most_leases: 1_000 });
    await broker.token("crm");
    const failures: string[] = [];
    let [leases, isOver] = [0, false];
    const worker = async (work: () => Promise<{ readonly lease: string }>) => {
      while (!isOver) {
        try {
          await broker.revoke((await work()).lease);
          leases += 1;
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
    };
    const workers = [1, 2, 3].flatMap(() => [
      worker(() => broker.creds("crm")),
      worker(() => broker.token("crm")),
    ]);
    for (let rotation = 0; rotation < 10; rotation++)
      await broker.rotateRoot({ retire_given: true });
    isOver = true;
    await Promise.all(workers);
    process.stdout.write(`${leases} leases while the master was replaced 10 times\n`);
    expect(failures).toEqual([]);
    expect(leases).toBeGreaterThan(20);
  });
}
