import { BROKER_MISSING, Broker, pluginClock, startBrokerVault } from "../support/vault/broker";
import { BrokerOrg, LOGIN } from "../support/vault/broker-org";
import { printedTable } from "../support/vault/printed-table";
import type { VaultServer } from "../support/vault/vault-server";

// The nightly run has 1,000 of each kind.
const LEASES = Number(process.env.LEASES ?? 100);
const AT_ONCE = 20;
const LASTING = { first_ttl: "24h", ttl: "24h", delete_at_once: true };

const HEADINGS = [
  "lease",
  "made",
  "calls as master",
  "as client",
  "logins",
  "lists",
  "read p50",
  "p95",
  "revoke p50",
  "p95",
];

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

  test(`${LEASES} leases of each kind: calls, latencies, and nothing is left`, async () => {
    const { vault, org } = await start(600);
    const { genesys } = org;
    const broker = await Broker.mount(vault, org);
    const before = org.clients().map(({ id }) => id);
    // Longer than the test reads, so that revoking a token needs its call.
    const token_lifetime = `${Math.ceil(LEASES / 100)}h`;
    await broker.role("crm-token", { ttl: "24h", token_lifetime });
    await broker.role("crm-creds", { ...LASTING, most_leases: 2 * LEASES });
    // The role's client is there before the others come.
    await broker.revoke((await broker.token("crm-token")).lease);
    const rows: string[][] = [];

    /** Makes leases, and revokes each when some more were made. */
    const measure = async (kind: string, most: number, read: () => Promise<{ lease: string }>) => {
      const [reads, revocations] = [new Latencies(), new Latencies()];
      const since = genesys.log.length;
      const held: string[] = [];
      const revokeOne = async () => {
        const lease = held.shift() ?? "";
        await revocations.of(() => broker.revoke(lease));
      };
      await times(LEASES, async () => {
        held.push((await reads.of(read)).lease);
        if (held.length > most) await revokeOne();
      });
      await times(held.length, revokeOne);
      const calls = callsPerLease(org, broker.master.id, since);
      rows.push([
        kind,
        String(LEASES),
        ...[calls.master, calls.client, calls.login, calls.list].map((each) => each.toFixed(2)),
        ...[reads, revocations].flatMap((each) => [each.percentile(0.5), each.percentile(0.95)]),
      ]);
      return calls;
    };
    const tokens = await measure("token", LEASES, () => broker.token("crm-token"));
    const clients = await measure("creds", AT_ONCE, () => broker.creds("crm-creds"));
    for (const role of ["crm-token", "crm-creds"]) await broker.must("DELETE", `roles/${role}`);
    while ((await broker.tidy()) > 0) await new Promise((done) => setTimeout(done, 100));

    process.stdout.write(
      `${printedTable([HEADINGS, ...rows])}\n` +
        `${AT_ONCE} requests at once; most calls as master in a minute of the fast clock: ${org.peakOf(broker.master.id)}\n`,
    );
    expect(tokens).toMatchObject({ master: 0, login: 1 });
    // None for a token that has ended by itself, on a slow machine.
    expect(tokens.client).toBeLessThanOrEqual(1);
    expect(clients).toMatchObject({ master: 4, client: 1 });
    expect(org.clients().map(({ id }) => id)).toEqual(before);
    expect(genesys.log.filter(({ status }) => status === 429)).toEqual([]);
    expect(org.trespasses()).toEqual([]);
    expect(org.othersAreUntouched()).toBe(true);
  });

  test.each([
    ["most_leases", { most_leases: 30 }, {}, 30],
    // Four clients are not the engine's, and room for five is left for rotations.
    ["most_clients", { most_leases: 1_000 }, { most_clients: 60 }, 51],
  ])("however many ask at once, %s is not passed", async (limit, role, config, most) => {
    const { vault, org } = await start(600);
    const broker = await Broker.mount(vault, org, config);
    await broker.role("crm", { ...LASTING, ...role });
    const ask = () => broker.send("GET", "creds/crm");
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    // At once, a client that was just made may count twice. So the last ones come one by one.
    while (answers.at(-1)?.status === 200 || answers.length === 100) answers.push(await ask());
    const leases = answers.filter(({ status }) => status === 200);
    for (const { status, body } of answers.filter((answer) => !leases.includes(answer))) {
      expect([status, body.errors[0]]).toEqual([400, expect.stringContaining(`${limit} is`)]);
    }
    expect([leases.length, org.most]).toEqual([most, most + 4]);
  });

  test("a client that is not known everywhere yet costs polls, and no further calls as master", async () => {
    const { vault, org } = await start(600, { lag: 20_000 });
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", LASTING);
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
    await broker.role("crm", { ...LASTING, most_leases: 1_000 });
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
