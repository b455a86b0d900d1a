import type { Clock } from "../http/clock";
import { type CredentialValue, readCredential } from "../secret-value/credential-value";
import type { SecretSource, SecretText } from "./secret-source";

/** A value that outlives the process, for the time in which nothing else can be read. */
export interface SecretCache {
  /** Returns the stored value; undefined if there is none that may still be used. */
  load(secretId: string): Promise<SecretText | undefined>;
  store(secretId: string, secret: SecretText): Promise<void>;
}

/** Properties of a {@link HeldSecret}. */
export interface HeldSecretProps {
  readonly secretId: string;
  readonly source: SecretSource;
  readonly cache?: SecretCache;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Milliseconds. */
  readonly maxStale: number;
  readonly onProblem: (error: Error) => void;
}

/** A value as it was read. */
export interface HeldValue {
  readonly credential: CredentialValue;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/** Shortest time between two attempts after a failure, and between two forced reads, in milliseconds. */
export const PAUSE = 30_000;

/**
 * The current value of a secret in memory. It is read again when it is old; while that fails, the old
 * value is used. All who wait share one read.
 */
export class HeldSecret {
  private held: HeldValue | undefined;
  private freshUntil = Number.NEGATIVE_INFINITY;
  private reading: Promise<HeldValue> | undefined;
  private forcedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly props: HeldSecretProps) {}

  /** Returns the value, which may be as old as the properties allow. */
  async value(): Promise<HeldValue> {
    if (this.held && this.props.clock.now() < this.freshUntil) return this.held;
    return this.read(false);
  }

  /**
   * Reads the value past every cache, since the one that we have does not work. Does so only once in a
   * while: a client that stays refused must not become a stream of reads.
   */
  async refreshed(): Promise<HeldValue> {
    const { clock } = this.props;
    if (this.held && clock.now() < this.forcedAt + PAUSE) return this.held;
    // A read that is in progress may be answered by a cache.
    await this.reading?.catch(() => {});
    if (this.held && clock.now() < this.forcedAt + PAUSE) return this.held;
    this.forcedAt = clock.now();
    return this.read(true);
  }

  private read(refresh: boolean): Promise<HeldValue> {
    this.reading ??= this.readOnce(refresh).finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(refresh: boolean): Promise<HeldValue> {
    const { secretId, source, cache, clock, onProblem } = this.props;
    let failure: Error;
    try {
      const secret = await source.read(secretId, refresh);
      const value = this.hold(secret);
      // A value that cannot be stored is no reason not to use it.
      await cache?.store(secretId, secret).catch(onProblem);
      return value;
    } catch (error) {
      failure = error as Error;
    }
    const { held } = this;
    if (held && clock.now() < held.readAt + this.props.maxAge + this.props.maxStale) {
      onProblem(failure);
      this.freshUntil = clock.now() + PAUSE;
      return held;
    }
    const stored = await cache?.load(secretId).catch(onProblem);
    if (!stored) throw failure;
    onProblem(failure);
    const value = this.hold(stored);
    this.freshUntil = clock.now() + PAUSE;
    return value;
  }

  private hold({ text, versionId }: SecretText): HeldValue {
    const { secretId, clock, random, maxAge } = this.props;
    const credential = readCredential(text, secretId);
    const now = clock.now();
    this.held = { credential, versionId, readAt: now };
    // Processes that started together must not read together for ever.
    this.freshUntil = now + maxAge * (1 - 0.2 * random());
    return this.held;
  }
}
