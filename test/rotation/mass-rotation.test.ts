import { PlatformApi } from "../../lib/genesys/platform-api";
import type { CredentialRecords, StoredCredential } from "../../lib/rotation/credential-records";
import { noteLabels, reconcile } from "../../lib/rotation/reconcile";
import { rotate } from "../../lib/rotation/rotate";
import { NO_STATUS } from "../../lib/rotation/status";
import type { CredentialValue } from "../../lib/secret-value/credential-value";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";
import { secretStoreOf } from "../support/fakes/fake-secret-store";
import { FakeSecret } from "../support/fakes/fake-secrets-manager";
import { VirtualClock } from "../support/fakes/virtual-clock";
import { STEPS } from "./rotation-world";

const CREDENTIALS = 100;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ORG_ID = "11111111-1111-4111-8111-111111111111";
const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/";

/**
 * An org all of whose credentials rotate at once, each in a function of its own without a token, while
 * the login accepts only so many requests per minute.
 */
class Crowd {
  readonly clock = new VirtualClock();
  readonly genesys: FakeGenesys;
  readonly secrets = new Map<string, FakeSecret>();
  private readonly stored = new Map<string, StoredCredential>();
  private readonly logins: number[] = [];
  /** Time at which the label of each credential moved. */
  readonly movedAt = new Map<string, number>();
  failures = 0;
  mostClients = 0;

  constructor(private readonly loginsPerMinute: number) {
    this.genesys = new FakeGenesys({ clock: this.clock, orgId: ORG_ID, pageSize: 100 });
    this.master = this.genesys.seed({
      name: "Production-Rotator",
      roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
    });
    for (let number = 0; number < CREDENTIALS; number++) {
      const secretArn = `${PREFIX}c${number}-AbCdEf`;
      this.secrets.set(secretArn, new FakeSecret(secretArn, this.clock));
      const specification = {
        secretArn,
        clientName: `Production-C${number}`,
        roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
        rotationDays: 30,
      };
      const name = `c${number}`;
      this.stored.set(name, { name, specification, retiring: false, status: NO_STATUS });
    }
  }

  private readonly master;

  private readonly fetch = (async (...request: Parameters<typeof fetch>) => {
    if (`${request[0]}`.endsWith("/oauth/token")) {
      const since = this.clock.now() - MINUTE;
      if (this.logins.filter((at) => at > since).length >= this.loginsPerMinute) {
        const body = { error: "invalid_request", error_description: "rate limit exceeded" };
        const headers = new Headers();
        return { ok: false, status: 400, headers, text: async () => JSON.stringify(body) };
      }
      this.logins.push(this.clock.now());
    }
    const { length } = [...this.genesys.clients.values()].filter(({ deletedAt }) => !deletedAt);
    this.mostClients = Math.max(this.mostClients, length);
    return this.genesys.fetch(...request);
  }) as typeof fetch;

  private apiOf = (clientId: string, clientSecret: string) =>
    new PlatformApi({
      region: "us-east-1",
      clientId,
      clientSecret,
      endpoints: FAKE_ENDPOINTS,
      clock: this.clock,
      random: () => 0.5,
      timeout: Number.POSITIVE_INFINITY,
      fetch: this.fetch,
    });

  private readonly apiAs = ({ clientId, clientSecret }: CredentialValue) =>
    this.apiOf(`${clientId}`, `${clientSecret}`);

  private readonly store = secretStoreOf((arn) => this.secrets.get(arn));
  private readonly records: CredentialRecords = {
    read: async (name) => this.stored.get(name) as StoredCredential,
    change: async (name, change) => {
      const stored = this.stored.get(name) as StoredCredential;
      this.stored.set(name, { ...stored, status: change(stored.status) });
    },
  };

  /** Rotates all credentials at once. Secrets Manager repeats a rotation that failed. */
  rotateAll = (token: string): Promise<unknown> =>
    Promise.all([...this.stored.values()].map((stored) => this.rotateOne(stored, token)));

  private async rotateOne({ name, specification }: StoredCredential, token: string) {
    if (!specification) return;
    const secret = this.secrets.get(specification.secretArn) as FakeSecret;
    secret.rotate(token);
    for (;;) {
      const props = {
        secrets: this.store,
        api: this.apiOf(this.master.id, this.master.secret),
        apiAs: this.apiAs,
        specification,
        org: { name: "org", id: ORG_ID, region: "us-east-1" },
        clock: this.clock,
      };
      try {
        for (const step of STEPS) await rotate(props, step, token);
        break;
      } catch {
        this.failures += 1;
        await this.clock.sleep(5 * MINUTE);
      }
    }
    secret.complete();
    this.movedAt.set(name, this.clock.now());
    // The event about the label.
    await noteLabels({ secrets: this.store, records: this.records, clock: this.clock }, name);
  }

  /** Runs on schedule, as the reconciler does. */
  async reconcileHourly(hours: number): Promise<void> {
    for (let hour = 0; hour < hours; hour++) {
      await this.clock.sleep(HOUR);
      await reconcile({
        api: this.apiOf(this.master.id, this.master.secret),
        apiAs: this.apiAs,
        secrets: this.store,
        records: this.records,
        credentials: [...this.stored.values()],
        org: { name: "org", id: ORG_ID },
        secretPrefix: PREFIX,
        clock: this.clock,
      });
      this.noteRetired();
    }
  }

  /** Time at which each client of an earlier version got no more tokens. */
  readonly retiredAt = new Map<string, number>();

  private noteRetired(): void {
    for (const client of this.genesys.clients.values()) {
      const arn = `${client.fields.description}`;
      if (!arn.endsWith(" (retired)")) continue;
      const name = arn.slice(PREFIX.length).split("-")[0] ?? "";
      if (!this.retiredAt.has(name)) this.retiredAt.set(name, this.clock.now());
    }
  }
}

describe(`${CREDENTIALS} credentials rotate at once`, () => {
  test.each([
    [300, { failedAttempts: 0, minutesUntilTheLast: 1, longestOverlap: 59, mostClients: 201 }],
    [60, { failedAttempts: 80, minutesUntilTheLast: 16, longestOverlap: 59, mostClients: 201 }],
  ])(
    "and the login accepts %d requests per minute",
    async (loginsPerMinute, expected) => {
      const crowd = new Crowd(loginsPerMinute);
      await crowd.clock.run(crowd.rotateAll("v1"));
      await crowd.clock.run(crowd.reconcileHourly(1));
      crowd.failures = 0;
      const started = crowd.clock.now();
      await crowd.clock.run(Promise.all([crowd.rotateAll("v2"), crowd.reconcileHourly(4)]));
      const current = [...crowd.secrets.values()].map((secret) => secret.idOf("AWSCURRENT"));
      expect(new Set(current)).toEqual(new Set(["v2"]));
      expect(Math.max(...crowd.movedAt.values()) - started).toBeLessThan(HOUR);
      // The text says: at most 90 minutes, also when 100 credentials rotate at once.
      const overlaps = [...crowd.movedAt].map(
        ([name, at]) => (crowd.retiredAt.get(name) ?? 0) - at,
      );
      expect(Math.min(...overlaps)).toBeGreaterThanOrEqual(15 * MINUTE);
      expect(Math.max(...overlaps)).toBeLessThanOrEqual(90 * MINUTE);
      expect(crowd.mostClients).toBeLessThanOrEqual(2 * CREDENTIALS + 1);
      expect(crowd.genesys.cutOff).toEqual([]);
      const minutes = (milliseconds: number) => Math.round(milliseconds / MINUTE);
      const figures = {
        failedAttempts: crowd.failures,
        minutesUntilTheLast: minutes(Math.max(...crowd.movedAt.values()) - started),
        longestOverlap: minutes(Math.max(...overlaps)),
        mostClients: crowd.mostClients,
      };
      expect(figures).toEqual(expected);
    },
    120_000,
  );
});
