import type { Clock } from "../../../lib/http/clock";

// Secrets Manager's versions, labels and rotation, held against moto by secrets-manager-contract.ts.
// It shares no code with the code that is tested against it.

interface Version {
  value: string | undefined;
  readonly stages: Set<string>;
  readonly createdAt: number;
}

const DAY = 24 * 3_600_000;

/** Name of AWS's exception, which the SDK uses as the error's name. */
export class FakeAwsError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** Schedule and function of a secret's rotation. */
export interface Rotation {
  readonly functionArn: string;
  readonly rules?: object;
  readonly enabled: boolean;
}

/** One secret. */
export class FakeSecret {
  readonly versions = new Map<string, Version>();
  readonly createdAt: number;
  changedAt: number;
  rotatedAt: number | undefined;
  /** Beginning of the day, in UTC, on which a value was last read. */
  accessedAt: number | undefined;
  rotation: Rotation | undefined;
  /** Date of deletion. The secret can be described until its recovery window ends. */
  deletedAt: number | undefined;

  /**
   * @param labelsAreChanges whether a moved label moves `LastChangedDate`: in moto, it does not
   * @param keepsPending whether AWSPENDING stays on the version that a rotation made the current one:
   *   it did for some (aws-samples/aws-secrets-manager-rotation-lambdas#168)
   */
  constructor(
    readonly arn: string,
    private readonly clock: Clock,
    private readonly labelsAreChanges = true,
    private readonly keepsPending = false,
  ) {
    this.createdAt = clock.now();
    this.changedAt = this.createdAt;
  }

  /** Name at creation. The ARN has six random characters after it. */
  get name(): string {
    return this.arn.replace(/^.*:secret:/, "").replace(/-[^-]{6}$/, "");
  }

  idOf(stage: string): string | undefined {
    return [...this.versions].find(([, { stages }]) => stages.has(stage))?.[0];
  }

  /** Begins a rotation: labels an empty version. */
  rotate(token: string): void {
    const pending = this.idOf("AWSPENDING");
    if (pending !== undefined && pending !== token && pending !== this.idOf("AWSCURRENT")) {
      throw new FakeAwsError("InvalidRequestException", "a previous rotation is not complete");
    }
    const version = this.versions.get(token);
    if (!version) {
      this.take("AWSPENDING");
      this.add(token, undefined, "AWSPENDING");
    }
    this.changedAt = this.clock.now();
  }

  /** Schedules the deletion, after AWS's default of 30 days. */
  delete(): void {
    this.deletedAt = this.clock.now() + 30 * 24 * 3600 * 1000;
  }

  /** Ends a rotation in which all steps succeeded. */
  complete(): void {
    if (!this.keepsPending) this.take("AWSPENDING");
    this.rotatedAt = this.clock.now();
    this.changedAt = this.rotatedAt;
  }

  /** Ends a trial of the rotation function, and removes the version that was made for it. */
  endProbe(token: string): void {
    if (this.versions.get(token)?.value === undefined) this.versions.delete(token);
  }

  /** @param stage a label that the version must have */
  get(versionId: string, stage?: string): string {
    const version = this.versions.get(versionId);
    if (version && stage !== undefined && !version.stages.has(stage)) {
      const message = "You provided a VersionStage that is not associated to the VersionId.";
      throw new FakeAwsError("InvalidRequestException", message);
    }
    if (version?.value === undefined) {
      const message = `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`;
      throw new FakeAwsError("ResourceNotFoundException", message);
    }
    this.accessedAt = Math.floor(this.clock.now() / DAY) * DAY;
    return version.value;
  }

  put(token: string, value: string, stages: readonly string[]): void {
    const version = this.versions.get(token);
    // The same request again does nothing, even if the labels have moved since.
    if (version?.value === value) return;
    if (version?.value !== undefined) {
      const message = "You can't modify an existing version, you can only create a new version.";
      throw new FakeAwsError("ResourceExistsException", message);
    }
    // A version that a rotation labelled is not the first.
    const isFirst = this.versions.size === 0;
    if (version) version.value = value;
    else this.add(token, value);
    for (const stage of isFirst ? [...stages, "AWSCURRENT"] : stages) this.label(stage, token);
    this.changedAt = this.clock.now();
  }

  move(stage: string, to: string | undefined, from: string | undefined): void {
    const holder = this.idOf(stage);
    if (from !== undefined && holder !== from) {
      const message = `The label ${stage} is not on version ${from}`;
      throw new FakeAwsError("InvalidParameterException", message);
    }
    if (holder !== undefined && holder !== to && holder !== from) {
      const message = `The label is on version ${holder}: say so in RemoveFromVersionId`;
      throw new FakeAwsError("InvalidParameterException", message);
    }
    if (to !== undefined && !this.versions.has(to)) {
      throw new FakeAwsError("ResourceNotFoundException", `no version ${to}`);
    }
    if (to === undefined) this.take(stage);
    else this.label(stage, to);
    if (this.labelsAreChanges) this.changedAt = this.clock.now();
  }

  private label(stage: string, to: string): void {
    const from = this.idOf(stage);
    if (from === to) return;
    this.take(stage);
    this.versions.get(to)?.stages.add(stage);
    // AWSPREVIOUS follows AWSCURRENT by itself.
    if (stage === "AWSCURRENT" && from !== undefined) this.label("AWSPREVIOUS", from);
    if (stage === "AWSCURRENT" && this.idOf("AWSPREVIOUS") === to) this.take("AWSPREVIOUS");
  }

  private take(stage: string): void {
    for (const { stages } of this.versions.values()) stages.delete(stage);
  }

  private add(token: string, value: string | undefined, ...stages: string[]): void {
    this.versions.set(token, { value, stages: new Set(stages), createdAt: this.clock.now() });
  }
}

/** The event with which a rotation function is invoked. */
export interface RotationEvent {
  readonly Step: "createSecret" | "setSecret" | "testSecret" | "finishSecret";
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken: string;
}

export interface FakeSecretsManagerProps {
  readonly clock: Clock;
  /**
   * Everything of an ARN before the secret's name.
   * @default "arn:aws:secretsmanager:us-east-1:111111111111:secret:"
   */
  readonly arnPrefix?: string;
  /**
   * Invokes a rotation function.
   * @default - rotations begin, and a test sends the events itself
   */
  readonly invoke?: (functionArn: string, event: RotationEvent) => Promise<unknown>;
}

const ARN_PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:";
const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** The secrets of one account in one region. */
export class FakeSecretsManager {
  private secrets: FakeSecret[] = [];
  private created = 0;
  /** Whether the list of versions has those without a value. AWS documents neither. */
  listsEmpty = true;
  /** Errors of rotation functions. */
  readonly failures: unknown[] = [];
  private underWay: Promise<void> = Promise.resolve();

  constructor(readonly props: FakeSecretsManagerProps) {}

  create(name: string): FakeSecret {
    const existing = this.secrets.find((secret) => secret.name === name);
    if (existing?.deletedAt !== undefined) {
      const message =
        "You can't create this secret because a secret with this name is already scheduled for deletion.";
      throw new FakeAwsError("InvalidRequestException", message);
    }
    if (existing) {
      const message = `The operation failed because the secret ${name} already exists.`;
      throw new FakeAwsError("ResourceExistsException", message);
    }
    const { arnPrefix = ARN_PREFIX } = this.props;
    const suffix = `Fake${`${this.created++}`.padStart(2, "0")}`;
    const secret = new FakeSecret(`${arnPrefix}${name}-${suffix}`, this.props.clock);
    this.secrets.push(secret);
    return secret;
  }

  /** @param id ARN, with or without the six characters at its end, or name */
  find(id: string): FakeSecret {
    const { arnPrefix = ARN_PREFIX } = this.props;
    if (id.startsWith("arn:") && !id.startsWith(arnPrefix)) {
      const message = `the caller is not authorized for the resource ${id} because no resource-based policy allows the action`;
      throw new FakeAwsError("AccessDeniedException", message);
    }
    const found = this.secrets.find(
      ({ arn, name }) => arn === id || name === id || arn.replace(/-[^-]{6}$/, "") === id,
    );
    if (found) return found;
    const message = "Secrets Manager can't find the specified secret.";
    throw new FakeAwsError("ResourceNotFoundException", message);
  }

  /** Deletes a secret that nobody can restore. It is not an error if there is none. */
  deleteForGood(id: string): void {
    this.secrets = this.secrets.filter(({ arn, name }) => arn !== id && name !== id);
  }

  /**
   * Returns the secrets whose names begin with one of the prefixes.
   * @param deleted whether those that will be deleted are among them
   */
  list(prefixes: readonly string[], deleted: boolean): FakeSecret[] {
    return this.secrets.filter(
      ({ name, deletedAt }) =>
        (deleted || deletedAt === undefined) && prefixes.some((prefix) => name.startsWith(prefix)),
    );
  }

  /** Begins a rotation, or a trial of the function. `settled` waits for its end. */
  rotate(secret: FakeSecret, token: string, immediately: boolean): void {
    if (!secret.rotation) {
      const message = "No Lambda rotation function ARN is associated with this secret.";
      throw new FakeAwsError("InvalidRequestException", message);
    }
    secret.rotate(token);
    this.inTurn(() => (immediately ? this.runSteps(secret, token) : this.probe(secret, token)));
  }

  /** Runs all steps from the first, as Secrets Manager does after a failure. */
  async runSteps(secret: FakeSecret, token: string): Promise<void> {
    if (!this.props.invoke) return;
    for (const step of STEPS) await this.invoke(secret, token, step);
    secret.complete();
  }

  /** Runs one step, with a version that is not kept (RotateImmediately=false). */
  private async probe(secret: FakeSecret, token: string): Promise<void> {
    try {
      await this.invoke(secret, token, "testSecret");
    } finally {
      secret.endProbe(token);
    }
  }

  /** Waits until no rotation is under way. */
  settled(): Promise<void> {
    return this.underWay;
  }

  private inTurn(work: () => Promise<void>): void {
    this.underWay = this.underWay.then(work).catch((error) => {
      this.failures.push(error);
    });
  }

  private async invoke(
    { arn, rotation }: FakeSecret,
    token: string,
    step: RotationEvent["Step"],
  ): Promise<void> {
    await this.props.invoke?.(rotation?.functionArn ?? "", {
      Step: step,
      SecretId: arn,
      ClientRequestToken: token,
      RotationToken: `rotation-token-of-${token}`,
    });
  }
}
