import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BROKER_MISSING,
  Broker,
  type ClientLease,
  pluginClock,
  startBrokerVault,
  type TokenLease,
} from "../support/vault/broker";
import { BrokerOrg, type Moment } from "../support/vault/broker-org";
import { printedTable } from "../support/vault/printed-table";
import type { VaultServer } from "../support/vault/vault-server";

// Every call and moment, with Vault and with the plugin alone: minutes. Else the calls that change something.
const ALL = process.env.KILLS === "all";
const SPEED = 300;
const MINUTE = 60_000 / SPEED;
/** Age of the engine's WAL, and what a busy machine may need on top. */
const WAL_AGE = 15 * MINUTE + 4_000;
/** The same on the engine's clock, in minutes. */
const LONGEST_ORPHAN = WAL_AGE / MINUTE;

/** What a consumer or an administrator got to know. */
interface Told {
  readonly tokens: TokenLease[];
  readonly clients: ClientLease[];
}

/** A request that is cut off. */
interface Request {
  readonly name: string;
  readonly role?: object;
  readonly before?: (broker: Broker) => Promise<ClientLease | undefined>;
  readonly send: (broker: Broker, told: Told, lease: ClientLease | undefined) => Promise<unknown>;
}

const REQUESTS: readonly Request[] = [
  {
    name: "token",
    send: async (broker, told) => told.tokens.push(await broker.token("crm")),
  },
  {
    name: "creds",
    send: async (broker, told) => {
      const lease = await broker.creds("crm");
      told.clients.push(lease);
      // As a consumer does that keeps it.
      await broker.renew(lease.lease, "24h");
    },
  },
  {
    name: "revoke",
    role: { delete_at_once: true },
    before: async (broker) => {
      const lease = await broker.creds("crm");
      await broker.renew(lease.lease, "24h");
      return lease;
    },
    send: async (broker, _, lease) => broker.revoke(lease?.lease ?? ""),
  },
  { name: "rotate-root", send: (broker) => broker.rotateRoot() },
  {
    name: "rotate role",
    before: async (broker) => {
      await broker.token("crm");
      return undefined;
    },
    send: (broker) => broker.rotate("crm"),
  },
];

type Killed = "Vault" | "plugin";
type When = Moment | "answered";

/** What to kill, and when: at which call, the how many of its kind. */
interface Point {
  readonly killed: Killed;
  readonly call: string;
  readonly nth: number;
  readonly when: When;
}

interface Cut {
  readonly request: Request;
  readonly point: Point;
}

/** One mount, of which one request is cut off. */
interface Run {
  readonly request: Request;
  readonly broker: Broker;
  readonly told: Told;
  /** The lease that the request is about. */
  readonly lease?: ClientLease;
  /** When it was cut off, on the organisation's clock. */
  cutAt: number;
  readonly row: string[];
}

if (BROKER_MISSING) {
  test.skip(BROKER_MISSING, () => {});
} else {
  let vault: VaultServer;
  let storage: string;
  const orgs: BrokerOrg[] = [];
  /** When Vault did not run, on the organisation's clock. */
  const down: { readonly from: number; readonly to: number }[] = [];

  beforeEach(async () => {
    storage = mkdtempSync(join(tmpdir(), "genesys-orgs-broker-"));
    vault = await startBrokerVault(SPEED, storage);
  });
  afterEach(async () => {
    await vault.stop();
    for (const org of orgs.splice(0)) await org.stop();
    rmSync(storage, { recursive: true, force: true });
  });

  const startOrg = async (creators: boolean) => {
    const org = await BrokerOrg.start(pluginClock(SPEED), {
      unknowns: { creators, modifies: true },
    });
    orgs.push(org);
    // So that a former master is deleted before the test ends.
    org.masterTokens = 900;
    return org;
  };

  /** Mounts the engine, and lets consumers get a token and a client that they use from then on. */
  async function begin(org: BrokerOrg, request: Request): Promise<Run> {
    const { role, before } = request;
    const broker = await Broker.mount(vault, org, { most_clients: 10_000 });
    const long = { ttl: "24h", max_ttl: "24h", rotation_period: "28d" };
    const used = { first_ttl: "24h", token_lifetime: "24h", delete_at_once: true };
    await broker.role("used", { ...long, ...used });
    const [token, client] = [await broker.token("used"), await broker.creds("used")];
    await broker.role("crm", { ...long, token_lifetime: "5m", ...role });
    const lease = await before?.(broker);
    const told = { tokens: [token], clients: [client] };
    return { request, broker, told, lease, cutAt: 0, row: [] };
  }

  /** Calls back with each call of a mount, in words. */
  function watch({ org, master }: Broker, seen: (when: Moment, call: string) => Promise<void>) {
    org.hook = async (when, call, caller) => {
      if (org.roots()(caller) !== master.id) return;
      const as = caller === master.id ? "" : " as the new client";
      await seen(when, `${call.replace(/client-\d+/, "<client>")}${as}`);
    };
  }

  /** Returns the calls of a request that nobody cuts off. */
  async function callsOf(org: BrokerOrg, request: Request): Promise<string[]> {
    const { broker, told, lease } = await begin(org, request);
    const calls: string[] = [];
    await broker.reload();
    watch(broker, async (when, call) => {
      if (when === "arrived") calls.push(call);
    });
    await request.send(broker, told, lease);
    org.hook = async () => {};
    return calls;
  }

  /** Cuts the request off, and sends it again. */
  async function cutOff(run: Run, { killed, call, nth, when }: Point): Promise<void> {
    const { broker, request, told, lease, row } = run;
    const kill = () => (killed === "Vault" ? vault.crash() : vault.crashPlugins());
    const send = () => request.send(broker, told, lease);
    let left = nth;
    let died: Promise<void> | undefined;
    run.cutAt = broker.org.clock.now();
    watch(broker, async (moment, seen) => {
      if (seen !== call || moment !== (when === "arrived" ? "arrived" : "done")) return;
      left -= 1;
      if (left !== 0) return;
      died =
        when === "answered" ? new Promise((done) => setTimeout(() => done(kill()), 3)) : kill();
      if (when === "answered") return;
      await died;
      throw new Error("killed");
    });
    const ended = await send().then(
      () => "answered",
      (error: Error) => /: (\d{3}) /.exec(error.message)?.[1] ?? "no answer",
    );
    broker.org.hook = async () => {};
    await died;
    const from = broker.org.clock.now();
    if (killed === "Vault") await vault.restart();
    await broker.ready();
    down.push({ from, to: broker.org.clock.now() });
    const next = await send().then(
      () => "works",
      (error: Error) => error.message,
    );
    row.push(request.name, killed, when, call, died ? ended : "not killed", next);
  }

  /** Ids of the clients of a mount that somebody uses. */
  async function usedBy({ broker, told }: Run): Promise<Set<string>> {
    const used = new Set([await broker.masterNow(), ...told.tokens.map(({ client }) => client)]);
    for (const role of ["used", "crm"]) used.add((await broker.token(role)).client);
    for (const { client, lease } of told.clients) if (await broker.has(lease)) used.add(client);
    return used;
  }

  /** Clients of a mount that nobody uses. */
  async function unused(run: Run) {
    const used = await usedBy(run);
    const { broker } = run;
    return broker.org.madeBy(broker.master.id).filter(({ id }) => !used.has(id));
  }

  const namesOf = (clients: Awaited<ReturnType<typeof unused>>) =>
    clients.map(({ fields }) => `${fields.name} ${fields.state}`);

  const works = (org: BrokerOrg, told: TokenLease | ClientLease): boolean =>
    "token" in told ? org.genesys.accepts(told.token) : org.genesys.works(told.client, told.secret);

  /** Waits until a list is empty, and returns what is still in it when the time is over. */
  async function drained(list: () => Promise<string[]>, longest: number): Promise<string[]> {
    for (const end = Date.now() + longest; ; ) {
      const left = await list();
      if (left.length === 0 || Date.now() > end) return left;
      await new Promise((done) => setTimeout(done, MINUTE / 2));
    }
  }

  /** Lets time pass, and checks what each run left. */
  async function settle(org: BrokerOrg, runs: readonly Run[]): Promise<void> {
    const started = Date.now();
    for (const each of runs) {
      const active = async () =>
        namesOf((await unused(each)).filter(({ fields }) => fields.state === "active"));
      const left = await drained(active, WAL_AGE - (Date.now() - started));
      each.row.push(left.length === 0 ? "none" : left.join(", "));
    }
    for (const { broker, told, row } of runs) {
      const all = [...told.tokens, ...told.clients];
      let fine = 0;
      for (const each of all) if (works(org, each) || !(await broker.has(each.lease))) fine += 1;
      row.push(`${fine} of ${all.length}`);
      for (const { lease } of told.clients) await broker.revoke(lease);
    }
    for (const each of runs) {
      const left = await drained(async () => namesOf(await unused(each)), 40 * MINUTE + 6_000);
      const longest = await longestOrphan(each);
      each.row.push(
        left.length === 0 ? "none" : left.join(", "),
        longest === 0 ? "" : `${longest.toFixed(1)} min`,
      );
    }
  }

  /** Returns for how many minutes a client was active that nobody got to know, while Vault ran. */
  async function longestOrphan(run: Run): Promise<number> {
    const known = new Set([
      ...(await usedBy(run)),
      ...run.told.clients.map(({ client }) => client),
    ]);
    const { org, master } = run.broker;
    const lives = org.activeTimes(master.id, run.cutAt).flatMap(({ id, from, to }) => {
      if (known.has(id)) return [];
      const pauses = down.map((pause) => Math.min(to, pause.to) - Math.max(from, pause.from));
      return to - from - pauses.reduce((sum, pause) => sum + Math.max(0, pause), 0);
    });
    return Math.max(0, ...lives) / 60_000;
  }

  const HEADINGS = [
    "request",
    "killed",
    "when",
    "call",
    "ended",
    "next request",
    "active orphans",
    "told and works",
    "clients left",
    "an orphan lived",
  ];

  async function expectNothingLost(org: BrokerOrg, cuts: readonly Cut[]) {
    const runs: Run[] = [];
    // All mounts first: Vault cannot mount a plugin that has just died.
    for (const { request } of cuts) runs.push(await begin(org, request));
    // From now on, the engine knows only what is stored.
    await vault.restart();
    for (const [index, { point }] of cuts.entries()) await cutOff(runs[index] as Run, point);
    await settle(org, runs);
    const rows = runs.map(({ row }) => row);
    process.stdout.write(`${printedTable([HEADINGS, ...rows])}\n`);
    for (const row of rows) {
      const [, , , , , next, orphans, works, left] = row;
      const [working, all] = works?.split(" of ") ?? [];
      expect([...row.slice(0, 5), next, orphans, working, left]).toEqual([
        ...row.slice(0, 4),
        expect.not.stringContaining("not killed"),
        "works",
        "none",
        all,
        "none",
      ]);
    }
    for (const { row } of runs) {
      expect([...row.slice(0, 4), Number.parseFloat(row.at(-1) || "0") < LONGEST_ORPHAN]).toEqual([
        ...row.slice(0, 4),
        true,
      ]);
    }
    expect(org.trespasses()).toEqual([]);
    expect(org.othersAreUntouched()).toBe(true);
  }

  function pointsOf(calls: readonly string[], killed: Killed, moments: readonly When[]): Point[] {
    return calls.flatMap((call, index) => {
      const nth = calls.slice(0, index + 1).filter((each) => each === call).length;
      return moments.map((when) => ({ killed, call, nth, when }));
    });
  }

  if (ALL) {
    describe.each(REQUESTS)("$name", (request) => {
      test.each(["Vault", "plugin"] as const)("%s killed at each call", async (killed) => {
        const org = await startOrg(killed === "Vault");
        const calls = await callsOf(org, request);
        const points = pointsOf(calls, killed, ["arrived", "done", "answered"]);
        await expectNothingLost(
          org,
          points.map((point) => ({ request, point })),
        );
      });
    });
  } else {
    test("Vault or its plugin killed at the calls that change something: no client is lost", async () => {
      const org = await startOrg(true);
      const [ofVault, ofPlugin]: [Cut[], Cut[]] = [[], []];
      for (const request of REQUESTS) {
        const calls = await callsOf(org, request);
        const changes = calls.filter((call) => /^(POST|PUT) .*clients/.test(call));
        for (const point of pointsOf(changes, "Vault", ["arrived", "done"])) {
          ofVault.push({ request, point });
        }
        for (const point of pointsOf(changes, "plugin", ["done"])) {
          ofPlugin.push({ request, point });
        }
      }
      await expectNothingLost(org, [...ofVault, ...ofPlugin]);
    });
  }
}
