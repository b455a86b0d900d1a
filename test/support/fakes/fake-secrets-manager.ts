import type { Clock } from "../../../lib/genesys/clock";

// Secrets Manager's versions and labels: shared/facts/rotation.md 1. It shares no code with what is
// tested against it.

interface Version {
  value: string | undefined;
  readonly stages: Set<string>;
  readonly createdAt: number;
}

/** The name of AWS's exception, which the SDK has as the error's name. */
export class FakeAwsError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** One secret. */
export class FakeSecret {
  readonly versions = new Map<string, Version>();
  changedAt: number;

  constructor(
    readonly arn: string,
    private readonly clock: Clock,
  ) {
    this.changedAt = clock.now();
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

  get(versionId: string, stage: string): string {
    const version = this.versions.get(versionId);
    if (!version?.stages.has(stage) || version.value === undefined) {
      const message = `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`;
      throw new FakeAwsError("ResourceNotFoundException", message);
    }
    return version.value;
  }

  put(token: string, value: string, stages: readonly string[]): void {
    const version = this.versions.get(token);
    if (version?.value !== undefined && version.value !== value) {
      const message = "You can't modify an existing version, you can only create a new version.";
      throw new FakeAwsError("ResourceExistsException", message);
    }
    if (version) version.value = value;
    else this.add(token, value);
    for (const stage of stages) this.label(stage, token);
    this.changedAt = this.clock.now();
  }

  move(stage: string, to: string | undefined, from: string | undefined): void {
    const holder = this.idOf(stage);
    if (holder !== undefined && holder !== to && holder !== from) {
      const message = `The label is on version ${holder}: say so in RemoveFromVersionId`;
      throw new FakeAwsError("InvalidParameterException", message);
    }
    if (to !== undefined && !this.versions.has(to)) {
      throw new FakeAwsError("ResourceNotFoundException", `no version ${to}`);
    }
    if (to === undefined) this.take(stage);
    else this.label(stage, to);
    this.changedAt = this.clock.now();
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
