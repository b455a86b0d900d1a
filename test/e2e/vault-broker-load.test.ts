import {
  BROKER_MISSING,
  Broker,
  type ClientLease,
  pluginClock,
  startBrokerVault,
} from "../support/vault/broker";
import { BrokerOrg, LOGIN } from "../support/vault/broker-org";
import { printedTable } from "../support/vault/printed-table";
import type { VaultServer } from "../support/vault/vault-server";

// The nightly run has 1,000 of each kind.
const LEASES = Number(process.env.LEASES ?? 100);
const AT_ONCE = 20;
const MOST_LEASES = 50;
const MOST_CLIENTS = 70;

/** Milliseconds that each of several requests took. */
class Latencies {
  private readonly all: number[] = [];

  async of<Value>(request: () => Promise<Value>): Promise<Value> {
    const started = performance.now();
    const value = await request();
    this.all.push(performance.now() - started);
    return value;
  }

  percentile(share: number): string {
    const sorted = this.all.sort((one, other) => one - other);
    return `${Math.round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN)} ms`;
  }
}

/** Does work a number of times, some of it at once. */
async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

if (BROKER_MISSING) {
  test.skip(BROKER_MISSING, () => {});
} else {
  const started: (VaultServer | BrokerOrg)[] = [];
  afterEach(async () => {
    for (const each of started.splice(0)) await each.stop();
  });

  async function start(speed: number, props: Parameters<typeof BrokerOrg.start>[1] = {}) {
    const vault = await startBrokerVault(speed);
    started.push(vault);
    const org = await BrokerOrg.start(pluginClock(speed), { rateLimit: {}, ...props });
    started.push(org);
    return { vault, org };
  }

  /** Returns how many calls there were for each lease, by kind, since a call of the log. */
  function callsPerLease({ genesys }: BrokerOrg, master: string, since: number) {
    const log = genesys.log.slice(since);
    const per = (isMeant: (call: string, isMaster: boolean) => boolean) =>
      log.filter(({ call, caller }) => isMeant(call, caller === master)).length / LEASES;
    const list = "GET /api/v2/oauth/clients";
    return {
      master: per((call, isMaster) => isMaster && call !== LOGIN && call !== list),
      list: per((call) => call === list),
      client: per((call, isMaster) => !isMaster && call !== LOGIN),
      login: per((call) => call === LOGIN),
    };
  }

  test(`${LEASES} leases of each kind: calls, latencies, ceilings, and nothing is left`, async () => {
    const { vault, org } = await start(600);
    const { genesys } = org;
    const broker = await Broker.mount(vault, org, { most_clients: MOST_CLIENTS });
    const before = org.clients().map(({ id }) => id);
    const rows: string[][] = [];
    const note = (kind: string, since: number, made: Latencies, revoked: Latencies) => {
      const calls = callsPerLease(org, broker.master.id, since);
      rows.push([
        kind,
        String(LEASES),
        ...[calls.master, calls.client, calls.login, calls.list].map((number) => number.toFixed(2)),
        ...[0.5, 0.95].map((share) => made.percentile(share)),
        ...[0.5, 0.95].map((share) => revoked.percentile(share)),
      ]);
      return calls;
    };

    await broker.role("crm-token", { token_lifetime: "1h" });
    await broker.token("crm-token");
    const sinceTokens = genesys.log.length;
    const [tokens, endedTokens] = [new Latencies(), new Latencies()];
    const leases: string[] = [];
    await times(LEASES, async () => {
      leases.push((await tokens.of(() => broker.token("crm-token"))).lease);
    });
    await times(LEASES, async () => {
      const lease = leases.pop() ?? "";
      await endedTokens.of(() => broker.revoke(lease));
    });
    const ofTokens = note("token", sinceTokens, tokens, endedTokens);
    expect(ofTokens.master).toBe(0);
    expect(ofTokens.client).toBeLessThanOrEqual(1);
    expect(ofTokens.login).toBe(1);

    const lasting = { first_ttl: "24h", ttl: "24h", delete_at_once: true };
    await broker.role("crm-creds", { ...lasting, most_leases: MOST_LEASES });
    const sinceCreds = genesys.log.length;
    const [clients, endedClients] = [new Latencies(), new Latencies()];
    const held: ClientLease[] = [];
    let refused = 0;
    let most = 0;
    const revokeOne = async () => {
      const lease = held.shift()?.lease;
      if (lease) await endedClients.of(() => broker.revoke(lease));
    };
    await times(LEASES, async () => {
      for (;;) {
        const { status, body } = await clients.of(() => broker.send("GET", "creds/crm-creds"));
        if (status === 200) {
          held.push({ lease: body.lease_id, client: body.data.client_id, secret: "" });
          most = Math.max(most, held.length);
          return;
        }
        expect([status, JSON.stringify(body)]).toEqual([
          400,
          expect.stringMatching(/most_leases is|most_clients is/),
        ]);
        refused += 1;
        await revokeOne();
      }
    });
    await times(held.length, revokeOne);
    const ofClients = note("creds", sinceCreds, clients, endedClients);
    expect(ofClients.master).toBeLessThanOrEqual(4);
    expect(ofClients.client).toBe(1);
    expect(ofClients.login).toBeLessThan(1.1);

    for (const role of ["crm-token", "crm-creds"]) await broker.must("DELETE", `roles/${role}`);
    while ((await broker.tidy()) > 0) await new Promise((done) => setTimeout(done, 100));
    process.stdout.write(
      `${printedTable([["lease", "made", "calls as master", "as client", "logins", "lists", "read p50", "p95", "revoke p50", "p95"], ...rows])}\n` +
        `most leased clients at once ${most} of ${MOST_LEASES}, most clients ${org.most} of ${MOST_CLIENTS}, refused by the ceilings ${refused}\n` +
        `most calls as master in a minute of the fast clock ${org.peakOf(broker.master.id)}\n`,
    );
    expect(most).toBeLessThanOrEqual(MOST_LEASES);
    expect(org.most).toBeLessThanOrEqual(MOST_CLIENTS);
    expect(org.clients().map(({ id }) => id)).toEqual(before);
    expect(genesys.log.filter(({ status }) => status === 429)).toEqual([]);
    expect(org.trespasses()).toEqual([]);
    expect(org.othersAreUntouched()).toBe(true);
  });

  test("a client that is not known everywhere yet costs polls, and no further calls as master", async () => {
    const { vault, org } = await start(600, { lag: 20_000 });
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", { first_ttl: "24h", ttl: "24h", delete_at_once: true });
    const { log } = org.genesys;
    await broker.revoke((await broker.creds("crm")).lease);
    const since = log.length;
    const leases = 10;
    for (let lease = 0; lease < leases; lease++) {
      await broker.revoke((await broker.creds("crm")).lease);
    }
    const calls = log.slice(since);
    const polls = calls.filter(({ status }) => status === 401).length / leases;
    const asMaster = calls.filter(({ caller }) => caller === broker.master.id).length / leases;
    process.stdout.write(
      `new clients known after 20 s: ${polls} polls and ${asMaster} calls as master for each lease\n`,
    );
    expect(polls).toBeGreaterThan(0);
    expect(asMaster).toBe(4);
    expect(org.madeBy(broker.master.id)).toEqual([]);
  });

  test("a storm of readers: no call is above the limit, and who is refused learns when to try again", async () => {
    const { vault, org } = await start(4);
    const broker = await Broker.mount(vault, org, { most_clients: 1_000 });
    await broker.role("crm", { first_ttl: "24h", ttl: "24h", most_leases: 1_000 });
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => broker.send("GET", "creds/crm")),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    const tooMany = org.genesys.log.filter(({ status }) => status === 429);
    process.stdout.write(
      `500 readers at once: ${500 - refused.length} leases, ${refused.length} refused, ` +
        `at most ${org.peakOf(broker.master.id)} calls in a minute, ${tooMany.length} of them answered with 429\n`,
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { body } of refused) {
      expect(JSON.stringify(body)).toMatch(/are used up for the next \d+ s; try again after that/);
    }
    expect(tooMany).toEqual([]);
  });
}
