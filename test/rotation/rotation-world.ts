import { PlatformApi } from "../../lib/genesys/platform-api";
import type { Clock } from "../../lib/http/clock";
import { noteOf, type RotationAttempt } from "../../lib/rotation/attempt";
import type { CredentialRecords, StoredCredential } from "../../lib/rotation/credential-records";
import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import { reconcile } from "../../lib/rotation/reconcile";
import { rotate, type Step } from "../../lib/rotation/rotate";
import type { SecretStore } from "../../lib/rotation/secret-store";
import type { ClientSpecification } from "../../lib/rotation/specification";
import { type CredentialStatus, NO_STATUS } from "../../lib/rotation/status";
import { FakeClock } from "../support/fakes/fake-clock";
import {
  FAKE_ENDPOINTS,
  type FakeClient,
  FakeGenesys,
  type Fault,
  type Unknowns,
} from "../support/fakes/fake-genesys";
import { secretStoreOf } from "../support/fakes/fake-secret-store";
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
  /** Whether its retirement was undone, and no run has ended since. */
  undone?: boolean;
  /** A version that an administrator broke. */
  broken?: string;
  rolledBack?: boolean;
  status: CredentialStatus;
  /** The rotator's note. */
  attempt?: RotationAttempt;
  overlapping?: { readonly version: string; readonly until: number };
  /** Number of integration credentials that it has had: Terraform creates one again after a person deleted it. */
  integrations: number;
}

/** An organisation whose credentials two deployments rotate, with everything that can go wrong. */
/** What nobody documents: one answer of each service. */
export interface Answers extends Unknowns {
  readonly lag: number;
  /** Whether Secrets Manager counts a moved label as a change of the secret. */
  readonly labelsAreChanges: boolean;
  /**
   * Number of clients in one page of the list.
   * @default 3
   */
  readonly pageSize?: number;
  /** Whether AWSPENDING stays on the version that a rotation made the current one. */
  readonly keepsPending: boolean;
}

export class RotationWorld<Time extends Clock = FakeClock> {
  /** Copies of our clients that somebody else created. */
  private readonly copies: FakeClient[] = [];
  private readonly copiesBefore: string[] = [];
  /** Ids of clients that a person deactivated. */
  private readonly deactivated = new Set<string>();
  /** Ids of clients that a person deactivated, deleted, or gave another secret. */
  private readonly broken = new Set<string>();
  /** Number of runs of reconcilers in progress. */
  private runs = 0;
  /** Ids of the clients that the last run of each account reported as unproven. */
  readonly unproven = new Map<string, readonly string[]>();
  readonly faults: Fault[] = [];
  readonly genesys: FakeGenesys;
  readonly credentials: readonly Credential[];
  private readonly master;
  private readonly foreign;

  constructor(
    private readonly answers: Answers,
    readonly clock: Time = new FakeClock() as Clock as Time,
  ) {
    this.genesys = new FakeGenesys({
      clock: this.clock,
      lag: answers.lag,
      unknowns: answers,
      pageSize: answers.pageSize ?? 3,
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
    for (const credential of this.credentials) this.integrate(credential);
  }

  /** A person deletes the integration credential, if there is one, and Terraform creates it again. */
  integrate(credential: Credential): void {
    this.genesys.integrations.all.delete(integrationOf(credential));
    credential.integrations++;
    const id = integrationOf(credential);
    const { type } = this.genesys.integrations.seed(id);
    const integrationCredentials = [{ id, name: "Data actions", type }];
    credential.specification = { ...credential.specification, integrationCredentials };
  }

  /** A person deletes the integration credential. */
  disintegrate(credential: Credential): void {
    this.genesys.integrations.all.delete(integrationOf(credential));
  }

  /** Whether nobody deleted the integration credential. */
  isIntegrated(credential: Credential): boolean {
    return this.genesys.integrations.all.has(integrationOf(credential));
  }

  /** Returns the fields that an integration works with; undefined as long as they are Terraform's. */
  integratedIn(credential: Credential): Record<string, string> | undefined {
    const { fields = {} } = this.genesys.integrations.all.get(integrationOf(credential)) ?? {};
    return fields.clientId?.startsWith("client-") ? fields : undefined;
  }

  private readonly foreignBefore: string;

  private credential(arn: string, clientName: string): Credential {
    return {
      secret: new FakeSecret(arn, this.clock, this.answers.labelsAreChanges),
      rotations: 0,
      integrations: 0,
      status: NO_STATUS,
      specification: {
        secretArn: arn,
        clientName,
        roleDivisions: [{ roleId: "role-1", divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
        // Short, so that reconcilers start rotations as well.
        rotationDays: 1,
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
      const progress = { version: token, step: "createSecret", result: "started" } as const;
      await process.outside(() => {
        credential.attempt =
          noteOf(credential.attempt, progress, this.clock.now()) ?? credential.attempt;
      });
      for (const step of STEPS) await rotate(this.rotationProps(process, credential), step, token);
      // Secrets Manager may do this itself after the last step.
      if (!this.answers.keepsPending) credential.secret.move("AWSPENDING", undefined, token);
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
    const undone = own.filter((credential) => credential.undone);
    const isAlone = this.runs === 0;
    this.runs += 1;
    await this.process(turn, crash, async (process) => {
      const { gauges, failures } = await reconcile({
        api: this.apiOf(process, this.master),
        apiAs: this.apiAs(process),
        secrets: this.storeOf(process, own),
        records: this.recordsOf(process, own),
        credentials: await process.outside(() => own.map(storedOf)),
        org: { name: "org", id: ORG_ID },
        secretPrefix: prefix,
        clock: this.clock,
      });
      this.unproven.set(
        account,
        gauges.unproven.map(({ id }) => id),
      );
      // What another run did just before its end is only seen by the next run.
      if (failures.length > 0 || !isAlone || this.runs > 1) return;
      for (const credential of undone) credential.undone = credential.retiring;
    });
    this.runs -= 1;
  }

  /** A person deactivates the client of a version. */
  deactivate(credential: Credential, label: string): void {
    const client = this.clientIn(credential, label);
    if (!client) return;
    this.interfere(credential, label);
    client.fields.state = "inactive";
    this.deactivated.add(client.id);
  }

  /** A person renews the secret of the client of a version. */
  renew(credential: Credential, label: string): void {
    const client = this.clientIn(credential, label);
    if (!client) return;
    this.interfere(credential, label);
    client.secret = `test-secret-of-a-person-${this.clock.now()}`;
  }

  /** A person deletes the client of a version. */
  remove(credential: Credential, label: string): void {
    const client = this.clientIn(credential, label);
    if (!client) return;
    // If nothing says who created a client, a copy that replaces one that was never the current one
    // cannot be told from it.
    const isCopied = this.copies.some(({ fields }) => fields.name === client.fields.name);
    if (isCopied && !this.answers.creators) return;
    this.interfere(credential, label);
    this.genesys.clients.delete(client.id);
  }

  private interfere(credential: Credential, label: string): void {
    const version = credential.secret.idOf(label);
    if (label === "AWSCURRENT" || version === credential.secret.idOf("AWSCURRENT"))
      credential.broken = version;
    if (credential.overlapping?.version === version) credential.overlapping = undefined;
    const client = this.clientIn(credential, label);
    if (client) this.broken.add(client.id);
  }

  private clientIn({ secret }: Credential, label: string): FakeClient | undefined {
    const value = secret.versions.get(secret.idOf(label) ?? "")?.value;
    return value === undefined ? undefined : this.genesys.clients.get(JSON.parse(value).clientId);
  }

  /** Somebody who may see and create clients copies all marks of one of ours. */
  copy({ secret }: Credential): void {
    const original = this.clientsOf(secret.arn).at(-1);
    if (!original) return;
    const { name, description, state } = original.fields;
    const fields = { name, description, state, roleDivisions: [] };
    const copy = this.genesys.seed(fields);
    copy.createdAt = this.clock.now();
    copy.modifiedAt = copy.createdAt;
    if (this.answers.creators) copy.createdBy = "somebody-else";
    this.copies.push(copy);
    this.copiesBefore.push(JSON.stringify(copy));
  }

  /** Clients that nobody may change for now, or all again. */
  refuse(credential: Credential | undefined): void {
    this.genesys.refusing.clear();
    if (!credential) return;
    for (const { id } of this.clientsOf(credential.secret.arn)) this.genesys.refusing.add(id);
  }

  /** A person moves the label back, as long as the previous credential still works. */
  rollBack(credential: Credential): void {
    const { secret, overlapping } = credential;
    // If the label's way back and forth is no change, nothing shows that it moved.
    if (credential.rolledBack && !this.answers.labelsAreChanges) return;
    const [current, previous] = [secret.idOf("AWSCURRENT"), secret.idOf("AWSPREVIOUS")];
    const still = overlapping && this.clock.now() < overlapping.until;
    if (previous === undefined || !still || overlapping.version !== previous) return;
    secret.move("AWSCURRENT", previous, current);
    credential.rolledBack = true;
    this.check();
  }

  /** A consumer gets a token with the current credential. */
  use({ secret, retiring, undone, broken }: Credential): void {
    const current = secret.idOf("AWSCURRENT");
    if (current === undefined || retiring || undone || broken === current) return;
    const { clientId, clientSecret } = JSON.parse(secret.get(current, "AWSCURRENT"));
    if (!this.genesys.use(clientId, clientSecret)) throw new Violation("a consumer was refused");
  }

  /** Checks the conditions that must hold at every moment. */
  readonly check = (): void => {
    for (const credential of this.credentials) {
      const { secret, specification } = credential;
      this.checkCurrent(credential);
      this.checkIntegration(credential);
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
    if (this.copies.some((copy, index) => this.isChanged(copy, this.copiesBefore[index]))) {
      throw new Violation("a copy of one of our clients was touched");
    }
    for (const id of this.deactivated) {
      if (this.genesys.clients.get(id)?.fields.state === "active") {
        throw new Violation("a client that a person deactivated was activated");
      }
    }
    if (this.genesys.cutOff.length > 0) throw new Violation("a token was cut off");
    if (this.genesys.clients.get(this.master.id) !== this.master) {
      throw new Violation("the master was touched");
    }
  };

  private isChanged(copy: FakeClient, before: string | undefined): boolean {
    return JSON.stringify(this.genesys.clients.get(copy.id)) !== before;
  }

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
      this.checkDelivered(credential);
    }
    if (credential.retiring || credential.undone) {
      const { version } = credential.overlapping ?? {};
      if (version && !this.isWorking(secret, version)) credential.overlapping = undefined;
      return;
    }
    const isBroken = credential.broken === current;
    if (current !== undefined && !isBroken && !this.isWorking(secret, current)) {
      throw new Violation(`the current credential of ${secret.arn} does not work`);
    }
    const { overlapping } = credential;
    if (overlapping && now < overlapping.until && !this.isWorking(secret, overlapping.version)) {
      throw new Violation(`the previous credential no longer works: ${secret.arn}`);
    }
  }

  /** A version becomes the current one after its integration has it. */
  private checkDelivered(credential: Credential): void {
    const { secret, current = "", rolledBack } = credential;
    const { clientId } = JSON.parse(secret.versions.get(current)?.value ?? "{}");
    if (rolledBack || !this.isIntegrated(credential)) return;
    if (this.genesys.integrations.written.includes(clientId)) return;
    throw new Violation(`the integration of ${secret.arn} was not written before`);
  }

  /**
   * An integration works with the current client, or with another one that is not retired yet. Before
   * there is a current value, a retirement may end the client that the first rotation gave it.
   */
  private checkIntegration(credential: Credential): void {
    if (credential.secret.idOf("AWSCURRENT") === undefined) return;
    const { clientId = "", clientSecret = "" } = this.integratedIn(credential) ?? {};
    if (clientId === "" || credential.retiring || credential.undone) return;
    if (this.broken.has(clientId) || this.genesys.works(clientId, clientSecret)) return;
    throw new Violation(`the integration of ${credential.secret.arn} does not work`);
  }

  private isWorking(secret: FakeSecret, version: string): boolean {
    const value = secret.versions.get(version)?.value;
    if (value === undefined) return false;
    const { clientId, clientSecret } = JSON.parse(value);
    return this.genesys.works(clientId, clientSecret);
  }

  /** Returns a secret's clients that are not deleted, without the copies. */
  clientsOf(arn: string) {
    return [...this.genesys.clients.values()].filter(
      (client) =>
        [arn, `${arn} (retired)`].includes(`${client.fields.description}`) &&
        client.deletedAt === undefined &&
        !this.copies.includes(client),
    );
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
      apiAs: this.apiAs(process),
      specification: credential.specification,
      isRetiring: async () => credential.retiring === true,
      org: { name: "org", id: ORG_ID, region: REGION as "us-east-1" },
      clock: this.clock,
    };
  }

  private apiAs(process: Process) {
    return ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) =>
      this.apiOf(process, { id: clientId, secret: clientSecret });
  }

  /** The records, without locks: another process may write between a read and its write. */
  private recordsOf(process: Process, own: readonly Credential[]): CredentialRecords {
    const named = (name: string) =>
      own.find(({ secret }) => secret.name.endsWith(`/${name}`)) as Credential;
    const read = (name: string) => process.outside(() => storedOf(named(name)));
    return {
      read,
      change: async (name, change) => {
        const status = JSON.parse(JSON.stringify(change((await read(name)).status)));
        await process.outside(() => {
          named(name).status = status;
        });
      },
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
    const secretOf = (arn: string) => {
      const found = credentials.find(({ secret }) => secret.arn === arn);
      return found?.secret;
    };
    return secretStoreOf(secretOf, (effect) => process.outside(effect));
  }
}

const integrationOf = ({ secret, integrations }: Credential): string =>
  `integration-${integrations}-of-${secret.arn.split(":").slice(4).join("-")}`;

const storedOf = (credential: Credential): StoredCredential => {
  const { secret, specification, retiring, status, attempt } = credential;
  return {
    name: secret.name.split("/").at(-1) as string,
    specification,
    retiring: retiring === true,
    status,
    attempt,
  };
};

/** A condition that must never be violated. */
export class Violation extends Error {}

export const STEPS: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];
