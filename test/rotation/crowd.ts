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

export const CREDENTIALS = 100;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const ORG_ID = "11111111-1111-4111-8111-111111111111";
const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/";

/** Limits of Genesys Cloud, each for the whole organisation: the worst reading of its documentation. */
export interface CrowdLimits {
  readonly loginsPerMinute: number;
  /** @default - none */
  readonly callsPerMinute?: number;
  /**
   * Whether each step runs in a new process, and not only each rotation.
   * @default false
   */
  readonly isCold?: boolean;
  /**
   * Number of clients in one page of the list.
   * @default 100
   */
  readonly pageSize?: number;
}

/**
 * An org whose credentials rotate at once, each in a function of its own without a token, while Genesys
 * Cloud accepts only so many requests per minute.
 */
export class Crowd {
  readonly clock = new VirtualClock();
  readonly genesys: FakeGenesys;
  readonly secrets = new Map<string, FakeSecret>();
  private readonly stored = new Map<string, StoredCredential>();
  private readonly logins: number[] = [];
  /** Times of the calls that Genesys Cloud accepted, and of those that it refused as too many. */
  readonly accepted: number[] = [];
  readonly refused: number[] = [];
  /** Time at which the label of each credential moved. */
  readonly movedAt = new Map<string, number>();
  failures = 0;
  mostClients = 0;

  constructor(private readonly limits: CrowdLimits) {
    const { pageSize = 100 } = limits;
    this.genesys = new FakeGenesys({ clock: this.clock, orgId: ORG_ID, pageSize });
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
      if (this.lastMinuteOf(this.logins) >= this.limits.loginsPerMinute) {
        const body = { error: "invalid_request", error_description: "rate limit exceeded" };
        const headers = new Headers();
        return { ok: false, status: 400, headers, text: async () => JSON.stringify(body) };
      }
      this.logins.push(this.clock.now());
    } else {
      const { callsPerMinute = Number.POSITIVE_INFINITY } = this.limits;
      if (this.lastMinuteOf(this.accepted) >= callsPerMinute) {
        this.refused.push(this.clock.now());
        // Until the oldest call of the last minute no longer counts.
        const oldest = this.accepted.at(-callsPerMinute) ?? 0;
        const wait = Math.ceil((oldest + MINUTE - this.clock.now()) / 1000);
        const body = { code: "too.many.requests.retry.after", status: 429 };
        const headers = new Headers({ "retry-after": `${wait}` });
        return { ok: false, status: 429, headers, text: async () => JSON.stringify(body) };
      }
      this.accepted.push(this.clock.now());
    }
    const { length } = [...this.genesys.clients.values()].filter(({ deletedAt }) => !deletedAt);
    this.mostClients = Math.max(this.mostClients, length);
    return this.genesys.fetch(...request);
  }) as typeof fetch;

  private lastMinuteOf(times: readonly number[]): number {
    const since = this.clock.now() - MINUTE;
    return times.filter((at) => at > since).length;
  }

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

  /** Rotates credentials at once. Secrets Manager repeats a rotation that failed. */
  rotateAll = (token: string, count = CREDENTIALS): Promise<unknown> =>
    Promise.all(
      [...this.stored.values()].slice(0, count).map((stored) => this.rotateOne(stored, token)),
    );

  private async rotateOne({ name, specification }: StoredCredential, token: string) {
    if (!specification) return;
    const secret = this.secrets.get(specification.secretArn) as FakeSecret;
    secret.rotate(token);
    for (;;) {
      try {
        let api = this.apiOf(this.master.id, this.master.secret);
        await api.organizationId();
        for (const step of STEPS) {
          const props = {
            secrets: this.store,
            api,
            apiAs: this.apiAs,
            specification,
            org: { name: "org", id: ORG_ID, region: "us-east-1" },
            clock: this.clock,
          };
          await rotate(props, step, token);
          if (this.limits.isCold) api = this.apiOf(this.master.id, this.master.secret);
        }
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
  /** Time at which it was deleted. */
  readonly deletedAt = new Map<string, number>();

  private noteRetired(): void {
    for (const client of this.genesys.clients.values()) {
      const arn = `${client.fields.description}`;
      if (!arn.endsWith(" (retired)")) continue;
      const name = arn.slice(PREFIX.length).split("-")[0] ?? "";
      if (!this.retiredAt.has(name)) this.retiredAt.set(name, this.clock.now());
      if (client.deletedAt) this.deletedAt.set(name, client.deletedAt);
    }
    const left = new Set(
      [...this.genesys.clients.values()].map(({ fields }) => fields.description),
    );
    for (const name of this.retiredAt.keys()) {
      const isGone = !left.has(`${PREFIX}${name}-AbCdEf (retired)`);
      if (isGone && !this.deletedAt.has(name)) this.deletedAt.set(name, this.clock.now());
    }
  }
}
