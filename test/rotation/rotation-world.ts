import { PlatformApi } from "../../lib/genesys/platform-api";
import { DEFAULT_LIMITS, reconcile } from "../../lib/rotation/reconcile";
import { rotate, type Step } from "../../lib/rotation/rotate";
import type { SecretStore } from "../../lib/rotation/secret-store";
import type { ClientSpecification } from "../../lib/rotation/specification";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys, type Fault } from "../support/fakes/fake-genesys";
import { FakeSecret } from "../support/fakes/fake-secrets-manager";

const ORG_ID = "11111111-1111-4111-8111-111111111111";
const REGION = "us-east-1";

/**
 * The end of a process: at which of its calls, and whether before or after the call takes effect.
 */
export interface Crash {
  readonly at: number;
  readonly before: boolean;
}

/** Lets calls of several processes take turns. */
export type Turn = () => Promise<unknown>;

/** A Lambda or a command that runs, until it ends or dies. */
export class Process {
  private calls = 0;
  private die: () => void = () => {};
  private fail: (violation: unknown) => void = () => {};
  /** Rejects on a violation: thrown at the caller, it would look like a network error. */
  readonly death = new Promise<void>((resolve, reject) => {
    this.die = resolve;
    this.fail = reject;
  });

  constructor(
    private readonly turn: Turn,
    private readonly crash: Crash | undefined,
    private readonly after: () => void,
  ) {}

  /** Does a call to another service. */
  async outside<Result>(effect: () => Result | Promise<Result>): Promise<Result> {
    await this.turn();
    const crashes = this.crash?.at === ++this.calls;
    if (crashes && this.crash.before) return this.ended();
    try {
      return await effect();
    } finally {
      await this.look();
      if (crashes) await this.ended();
    }
  }

  private look(): Promise<never> | undefined {
    try {
      this.after();
      return undefined;
    } catch (violation) {
      this.fail(violation);
      return new Promise(() => {});
    }
  }

  private ended(): Promise<never> {
    this.die();
    return new Promise(() => {});
  }
}

/** The master's roles: an administrator has granted whatever a specification can name. */
const GRANTS = Array.from({ length: 100 }, (_, index) => ({
  roleId: `role-${index + 1}`,
  divisionId: "*",
}));

/** One credential in one AWS account. */
export interface Credential {
  readonly secret: FakeSecret;
  specification: ClientSpecification;
  /**
   * Number of started rotations: each has its own token, and other secrets have the same tokens.
   */
  rotations: number;
  /** The last known current version. */
  current?: string;
  /** Whether it is being retired, so that nobody reads it any more. */
  retiring?: boolean;
  overlapping?: { readonly version: string; readonly until: number };
}

/** An organisation whose credentials two deployments rotate, with everything that can go wrong. */
export class RotationWorld {
  readonly clock = new FakeClock();
  readonly faults: Fault[] = [];
  readonly genesys: FakeGenesys;
  readonly credentials: readonly Credential[];
  private readonly master;
  private readonly foreign;

  constructor(lag: number) {
    this.genesys = new FakeGenesys({
      clock: this.clock,
      lag,
      pageSize: 3,
      orgId: ORG_ID,
      fault: () => this.faults.shift() ?? "none",
    });
    this.master = this.genesys.seed({ name: "Production-Rotator", roleDivisions: GRANTS });
    const arn = (account: string, name: string) =>
      `arn:aws:secretsmanager:us-east-1:${account}:secret:/genesys/production/org/${name}-AbCdEf`;
    this.credentials = [
      this.credential(arn("111111111111", "crm-sync"), "Production-CrmSync"),
      this.credential(arn("111111111111", "exporter"), "Production-Exporter"),
      // Another deployment for the same organisation, with a service of the same name.
      this.credential(arn("222222222222", "crm-sync"), "Production-CrmSync"),
    ];
    // Clients that look like ours, but are not.
    this.foreign = [
      { name: "Production-CrmSync", description: "by hand" },
      { name: "Production-CrmSync#1", description: "by hand" },
      { name: "Somebody-Else#1", description: arn("333333333333", "crm-sync") },
    ].map((fields) => this.genesys.seed(fields));
    this.foreignBefore = JSON.stringify(this.foreign);
  }

  private readonly foreignBefore: string;

  private credential(arn: string, clientName: string): Credential {
    return {
      secret: new FakeSecret(arn, this.clock),
      rotations: 0,
      specification: {
        secretArn: arn,
        clientName,
        roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
        rotationDays: 30,
      },
    };
  }

  /** Calls RotateSecret; returns false if a rotation is in progress. */
  startRotation(credential: Credential): boolean {
    try {
      credential.secret.rotate(`token-${credential.rotations + 1}`);
      credential.rotations++;
      return true;
    } catch {
      return false;
    }
  }

  /** Does all steps of the rotation in progress, as Secrets Manager does. */
  async tryRotation(credential: Credential, turn: Turn, crash?: Crash): Promise<void> {
    const token = credential.secret.idOf("AWSPENDING");
    if (token === undefined || token === credential.secret.idOf("AWSCURRENT")) return;
    await this.process(turn, crash, async (process) => {
      for (const step of STEPS) await rotate(this.rotationProps(process, credential), step, token);
      // Secrets Manager does this itself after the last step.
      credential.secret.move("AWSPENDING", undefined, token);
    });
  }

  /** Does a single step for any version, as anyone can who may invoke the function. */
  async tryStep(credential: Credential, step: Step, label: string, turn: Turn): Promise<void> {
    const token = credential.secret.idOf(label) ?? "token-unknown";
    await this.process(turn, undefined, (process) =>
      rotate(this.rotationProps(process, credential), step, token),
    );
  }

  async tryReconcile(account: string, turn: Turn, crash?: Crash): Promise<void> {
    const prefix = `arn:aws:secretsmanager:us-east-1:${account}:secret:/genesys/production/org/`;
    const own = this.credentials.filter(({ secret }) => secret.arn.startsWith(prefix));
    await this.process(turn, crash, async (process) => {
      await reconcile({
        api: this.apiOf(process, this.master),
        secrets: this.storeOf(process, own),
        specifications: own.map(({ specification }) => specification),
        retiring: own.filter(({ retiring }) => retiring).map(({ secret }) => secret.arn),
        secretPrefix: prefix,
        now: this.clock.now(),
      });
    });
  }

  /** A person deactivates the pending client. */
  sabotage({ secret, specification }: Credential): void {
    const pending = secret.idOf("AWSPENDING");
    if (pending === secret.idOf("AWSCURRENT")) return;
    for (const { fields } of this.clientsOf(secret.arn)) {
      if (fields.name === `${specification.clientName}#${pending}`) fields.state = "inactive";
    }
  }

  /** A person moves the label back, as long as the previous credential still works. */
  rollBack({ secret, overlapping }: Credential): void {
    const [current, previous] = [secret.idOf("AWSCURRENT"), secret.idOf("AWSPREVIOUS")];
    const still = overlapping && this.clock.now() < overlapping.until;
    if (previous === undefined || !still || overlapping.version !== previous) return;
    secret.move("AWSCURRENT", previous, current);
    this.check();
  }

  /** A consumer gets a token with the current credential. */
  use({ secret }: Credential): void {
    const current = secret.idOf("AWSCURRENT");
    if (current === undefined) return;
    const { clientId, clientSecret } = JSON.parse(secret.get(current, "AWSCURRENT"));
    if (!this.genesys.use(clientId, clientSecret)) throw new Violation("a consumer was refused");
  }

  /** Checks the conditions that must hold at every moment. */
  readonly check = (): void => {
    for (const credential of this.credentials) {
      const { secret, specification } = credential;
      if (!credential.retiring) this.checkCurrent(credential);
      const pending = secret.idOf("AWSPENDING");
      const ofPending = this.clientsOf(secret.arn).filter(
        ({ fields }) => fields.name === `${specification.clientName}#${pending}`,
      );
      if (ofPending.length > 1) throw new Violation(`${ofPending.length} pending clients`);
    }
    if (
      JSON.stringify(this.foreign.map(({ id }) => this.genesys.clients.get(id))) !==
      this.foreignBefore
    ) {
      throw new Violation("somebody else's client was touched");
    }
    if (this.genesys.cutOff.length > 0) throw new Violation("a token was cut off");
    if (this.genesys.clients.get(this.master.id) !== this.master) {
      throw new Violation("the master was touched");
    }
  };

  private checkCurrent(credential: Credential): void {
    const { secret } = credential;
    const [now, current] = [this.clock.now(), secret.idOf("AWSCURRENT")];
    if (current !== credential.current) {
      const before = credential.current;
      // A consumer may use it as long as it is in its cache.
      if (before !== undefined && this.isWorking(secret, before)) {
        credential.overlapping = { version: before, until: now + DEFAULT_LIMITS.overlap };
      }
      credential.current = current;
    }
    if (current !== undefined && !this.isWorking(secret, current)) {
      throw new Violation(`the current credential of ${secret.arn} does not work`);
    }
    const { overlapping } = credential;
    if (overlapping && now < overlapping.until && !this.isWorking(secret, overlapping.version)) {
      throw new Violation(`the previous credential no longer works: ${secret.arn}`);
    }
  }

  private isWorking(secret: FakeSecret, version: string): boolean {
    const value = secret.versions.get(version)?.value;
    if (value === undefined) return false;
    const { clientId, clientSecret } = JSON.parse(value);
    return this.genesys.works(clientId, clientSecret);
  }

  clientsOf(arn: string) {
    return [...this.genesys.clients.values()].filter(({ fields }) => fields.description === arn);
  }

  private async process(
    turn: Turn,
    crash: Crash | undefined,
    work: (process: Process) => Promise<void>,
  ): Promise<void> {
    const process = new Process(turn, crash, this.check);
    const ended = work(process).catch((error) => {
      if (error instanceof Violation) throw error;
    });
    await Promise.race([ended, process.death]);
  }

  private rotationProps(process: Process, credential: Credential) {
    return {
      secrets: this.storeOf(process, [credential]),
      api: this.apiOf(process, this.master),
      apiAs: ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) =>
        this.apiOf(process, { id: clientId, secret: clientSecret }),
      specification: credential.specification,
      isRetiring: async () => credential.retiring === true,
      org: { name: "org", id: ORG_ID, region: REGION as "us-east-1" },
      clock: this.clock,
    };
  }

  private apiOf(process: Process, { id, secret }: { id: string; secret: string }): PlatformApi {
    return new PlatformApi({
      region: REGION,
      clientId: id,
      clientSecret: secret,
      endpoints: FAKE_ENDPOINTS,
      clock: this.clock,
      random: () => 0.5,
      timeout: Number.POSITIVE_INFINITY,
      fetch: ((...request: Parameters<typeof fetch>) =>
        process.outside(() => this.genesys.fetch(...request))) as typeof fetch,
    });
  }

  private storeOf(process: Process, credentials: readonly Credential[]): SecretStore {
    const secretOf = (arn: string): FakeSecret => {
      const found = credentials.find(({ secret }) => secret.arn === arn);
      if (!found) throw new Violation(`${arn} is none of its secrets`);
      return found.secret;
    };
    return {
      exists: (arn) => process.outside(() => credentials.some(({ secret }) => secret.arn === arn)),
      history: (arn) =>
        process.outside(() => {
          const { versions, changedAt } = secretOf(arn);
          const list = [...versions].map(([id, { stages, createdAt }]) => ({
            id,
            stages: [...stages],
            createdAt,
          }));
          return { versions: list, changedAt };
        }),
      value: (arn, versionId, stage) =>
        process.outside(() => {
          try {
            return secretOf(arn).get(versionId, stage);
          } catch {
            return undefined;
          }
        }),
      putPending: (arn, versionId, value) =>
        process.outside(() => secretOf(arn).put(versionId, value, ["AWSPENDING"])),
      promote: (arn, versionId, from) =>
        process.outside(() => secretOf(arn).move("AWSCURRENT", versionId, from)),
    };
  }
}

/** A condition that must never be violated. */
export class Violation extends Error {}

export const STEPS: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];
