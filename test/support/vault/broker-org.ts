import type { Clock } from "../../../lib/http/clock";
import {
  type FakeClient,
  FakeGenesys,
  type FakeGenesysProps,
  type LoggedRequest,
} from "../fakes/fake-genesys";
import { type GenesysHttp, startGenesysHttp } from "../fakes/genesys-http";

/** `arrived`: before a call has an effect. `done`: after that, and before it is answered. */
export type Moment = "arrived" | "done";

/** A role of Genesys Cloud that every master has. */
export const GENESYS_ROLE = "aaaaaaaa-0000-4000-8000-000000000001";
const GRANTS = [{ roleId: GENESYS_ROLE, divisionId: "*" }];

/** Clients of people and of the rotator, and one that looks like the engine's. */
const OTHERS = [
  { name: "Production-Portal", description: "by hand" },
  {
    name: "Production-CrmSync#0b1f",
    description:
      "arn:aws:secretsmanager:us-east-1:999999999999:secret:/genesys/production/org/crm-sync-AbCdEf",
  },
  {
    name: "vault-crm#l0123456789abcdef0123456789abcdef",
    description: "vault:genesyscloud_1:1:crm:l0123456789abcdef0123456789abcdef",
  },
];

export const LOGIN = "POST /oauth/token";
const CREATE = "POST /api/v2/oauth/clients";

/** A Genesys Cloud organisation on loopback. */
export class BrokerOrg {
  /** Called with each call and its caller; an error loses the connection. */
  hook: (moment: Moment, call: string, caller?: string) => Promise<void> = async () => {};
  /** Seconds for which the tokens of masters live. */
  masterTokens = 86_400;
  /** The largest number of clients at once. */
  most = 0;
  private readonly others: readonly FakeClient[];
  private readonly othersBefore: string;
  private http: GenesysHttp | undefined;

  private constructor(
    readonly genesys: FakeGenesys,
    readonly clock: Clock,
  ) {
    this.others = OTHERS.map((fields) => genesys.seed({ ...fields, roleDivisions: GRANTS }));
    this.othersBefore = JSON.stringify(this.others);
  }

  static start(clock: Clock, props: Partial<FakeGenesysProps> = {}): Promise<BrokerOrg> {
    const unknowns = { creators: true, modifies: true };
    return BrokerOrg.serve(new FakeGenesys({ clock, unknowns, ...props }), clock);
  }

  static async serve(genesys: FakeGenesys, clock: Clock): Promise<BrokerOrg> {
    const org = new BrokerOrg(genesys, clock);
    org.http = await startGenesysHttp({ fetch: org.fetch } as FakeGenesys);
    return org;
  }

  private readonly fetch = (async (url: string, init: RequestInit = {}) => {
    const call = `${init.method ?? "GET"} ${new URL(url).pathname}`;
    const caller = this.genesys.callerOf(init.headers as Record<string, string>);
    await this.hook("arrived", call, caller);
    const answer = await this.genesys.fetch(url, init);
    this.most = Math.max(this.most, this.clients().length);
    await this.hook("done", call, caller);
    return answer;
  }) as typeof fetch;

  /** Fields of a mount's configuration that say where the organisation is. */
  get addresses() {
    const { api: api_url, login: login_url } = this.http as GenesysHttp;
    return { org_id: this.genesys.orgId, region: "us-east-1", api_url, login_url };
  }

  /** Adds a client with every role, as a person does. */
  master(): FakeClient {
    const accessTokenValiditySeconds = this.masterTokens;
    const fields = { name: "Production-Vault", roleDivisions: GRANTS, accessTokenValiditySeconds };
    return this.genesys.seed(fields);
  }

  /** Clients that are not deleted. */
  clients(): FakeClient[] {
    return [...this.genesys.clients.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Clients that are not deleted, and that a client made, or one that it made. */
  madeBy(root: string): FakeClient[] {
    const rootOf = this.roots();
    return this.clients().filter(({ id }) => id !== root && rootOf(id) === root);
  }

  /** Returns from which client of a person a client descends. */
  roots(): (id: string | undefined) => string | undefined {
    const makers = new Map<string, string>();
    for (const { call, caller, subject, status } of this.genesys.log) {
      if (call === CREATE && status === 200 && subject && caller) makers.set(subject, caller);
    }
    const rootOf = (id: string | undefined): string | undefined =>
      makers.has(id ?? "") ? rootOf(makers.get(id ?? "")) : id;
    return rootOf;
  }

  /** Clients that somebody made since a time, and when each was active. */
  activeTimes(root: string, since: number): { id: string; from: number; to: number }[] {
    const { log } = this.genesys;
    const rootOf = this.roots();
    return log.flatMap(({ call, status, subject: id = "", at: from }) => {
      if (call !== CREATE || status !== 200 || from < since || rootOf(id) !== root) return [];
      const change = log.find((each) => each.call.startsWith("PUT ") && each.subject === id);
      return { id, from, to: change?.at ?? this.clock.now() };
    });
  }

  /** Returns the most calls of the API that a client made in any minute. */
  peakOf(client: string): number {
    const times = this.genesys.log.flatMap(({ call, caller, at }) =>
      caller === client && call !== LOGIN ? at : [],
    );
    let first = 0;
    return times.reduce((peak, time, index) => {
      while (time - (times[first] ?? time) >= 60_000) first += 1;
      return Math.max(peak, index - first + 1);
    }, 0);
  }

  /** Changes of clients, and tries, by a client that does not descend from the same one. */
  trespasses(): LoggedRequest[] {
    const rootOf = this.roots();
    return this.genesys.log.filter(
      ({ call, caller, subject }) =>
        caller && /^(PUT|DELETE) .*clients/.test(call) && rootOf(caller) !== rootOf(subject),
    );
  }

  /** Whether the clients of people and of the rotator are as they were. */
  othersAreUntouched(): boolean {
    const now = this.others.map(({ id }) => this.genesys.clients.get(id));
    return JSON.stringify(now) === this.othersBefore;
  }

  stop = async (): Promise<void> => this.http?.stop();
}
