import { randomUUID } from "node:crypto";
import { AwsCallError } from "../../../lib/aws/call";
import type { Clock } from "../../../lib/http/clock";
import type { SecretCalls } from "../../../lib/rotation/vault-entries/secret-entries";
import { FakeAwsError, FakeSecret } from "../../support/fakes/fake-secrets-manager";
import type { VaultFault } from "../../support/fakes/fake-vault";

/** Account and region of the secrets. */
export const AWS = { account: "111111111111", region: "us-east-1" };
const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:";

/** Attempts of the SDK. */
const ATTEMPTS = 3;

interface FakeEntrySecretsProps {
  readonly clock: Clock;
  /** Called before every attempt. */
  readonly fault?: (kind: "read" | "write") => VaultFault;
}

/** The secrets of an organisation's own credentials, with the same view as FakeVault. */
export class FakeEntrySecrets {
  readonly secrets = new Map<string, FakeSecret>();
  private late: (() => void)[] = [];

  constructor(private readonly props: FakeEntrySecretsProps) {}

  /** A person puts another value: AWSCURRENT moves at once. */
  write(path: string, value: Record<string, unknown>): void {
    const secret = this.secrets.get(path) ?? new FakeSecret(`${path}-AbCdEf`, this.props.clock);
    this.secrets.set(path, secret);
    secret.put(randomUUID(), JSON.stringify(value), ["AWSCURRENT"]);
  }

  /** Returns the value of the current version, or of the one with a number. */
  at(path: string, version?: number): Record<string, unknown> | undefined {
    const secret = this.secrets.get(path);
    const id = secret?.idOf(version === undefined ? "AWSCURRENT" : `v${version}`);
    const text = id === undefined ? undefined : secret?.versions.get(id)?.value;
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Returns the number of the current version: the highest label. */
  newest(path: string): number {
    const { versions } = this.secrets.get(path) as FakeSecret;
    const labels = [...versions.values()].flatMap(({ stages }) => [...stages]);
    return Math.max(1, ...labels.map((label) => Number(/^v(\d+)$/.exec(label)?.[1] ?? 0)));
  }

  /** The value before the current one, which a person can make the current one again. */
  previous(path: string): Record<string, unknown> | undefined {
    const secret = this.secrets.get(path);
    const id = secret?.idOf("AWSPREVIOUS");
    return id === undefined ? undefined : JSON.parse(`${secret?.versions.get(id)?.value}`);
  }

  rollBack(path: string): void {
    const secret = this.secrets.get(path) as FakeSecret;
    secret.move("AWSCURRENT", secret.idOf("AWSPREVIOUS"), secret.idOf("AWSCURRENT"));
  }

  /** Carries out the late requests; AWS may refuse them by now. */
  flush(): void {
    for (const request of this.late.splice(0)) {
      try {
        request();
      } catch (error) {
        if (!(error instanceof FakeAwsError)) throw error;
      }
    }
  }

  /**
   * Returns the calls of one process.
   * @param outside makes each attempt
   */
  callsOf(
    outside: <Result>(effect: () => Result | Promise<Result>) => Promise<Result>,
  ): SecretCalls {
    const read = <Result>(effect: () => Result) => this.attempt("read", effect, outside);
    const write = (effect: () => void) => this.attempt("write", effect, outside);
    const secretAt = (arn: string): FakeSecret => {
      if (!arn.startsWith(PREFIX)) throw new FakeAwsError("AccessDeniedException", arn);
      const secret = this.secrets.get(arn.slice(PREFIX.length));
      if (secret) return secret;
      throw new FakeAwsError("ResourceNotFoundException", `no secret ${arn}`);
    };
    return {
      history: (arn) =>
        read(() => {
          const { versions, changedAt } = secretAt(arn);
          const list = [...versions].map(([id, { stages, createdAt }]) => ({
            id,
            stages: [...stages],
            createdAt,
          }));
          return { versions: list, changedAt };
        }),
      value: (arn, id) => read(() => secretAt(arn).get(id)),
      put: (arn, id, value, label) => write(() => secretAt(arn).put(id, value, [label])),
      move: (arn, label, to, from) => write(() => secretAt(arn).move(label, to, from)),
    };
  }

  private async attempt<Result>(
    kind: "read" | "write",
    effect: () => Result,
    outside: <Value>(effect: () => Value | Promise<Value>) => Promise<Value>,
  ): Promise<Result> {
    let last = new AwsCallError("the call: TimeoutError", "TimeoutError");
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const fault = this.props.fault?.(kind) ?? "none";
      const answer = await outside(() => this.once(effect, fault));
      if ("result" in answer) return answer.result;
      last = answer.error;
      if (!answer.again) throw last;
    }
    throw last;
  }

  private once<Result>(effect: () => Result, fault: VaultFault) {
    const failed = (code: string, again: boolean) => ({
      error: new AwsCallError(`the call: ${code}`, code),
      again,
    });
    if (fault === "429") return failed("ThrottlingException", true);
    if (fault === "503") return failed("InternalServiceError", true);
    if (fault === "no request") return failed("TimeoutError", true);
    if (fault === "late") {
      this.late.push(effect);
      return failed("TimeoutError", true);
    }
    try {
      const result = effect();
      return fault === "no answer" ? failed("TimeoutError", true) : { result };
    } catch (error) {
      if (error instanceof FakeAwsError) return failed(error.name, false);
      throw error;
    }
  }
}
