import type { Clock } from "../http/clock";
import { readCredential } from "../secret-value/credential-value";
import { PAUSE, SHORT_PAUSE } from "./pauses";
import type { SecretSource, SecretText } from "./secret-source";
import type { ValueSource, VersionedValue } from "./value-source";

/** A value that outlives the process, for the time in which nothing else can be read. */
export interface SecretCache {
  /** Returns the stored value; undefined if there is none that may still be used. */
  load(secretId: string): Promise<StoredSecret | undefined>;
  store(secretId: string, secret: SecretText): Promise<void>;
}

/** A stored value. */
export interface StoredSecret extends SecretText {
  /** Time at which it was read, in milliseconds since 1970. */
  readonly storedAt: number;
}

/** Properties of a {@link HeldSecret}. */
export interface HeldSecretProps {
  readonly secretId: string;
  readonly source: SecretSource;
  readonly cache?: SecretCache;
  readonly clock: Clock;
  readonly random: () => number;
  /** Seconds. */
  readonly maxAge: number;
  /** Seconds. */
  readonly maxStale: number;
  readonly onProblem: (error: Error) => void;
}

/** A value as it was read. */
interface HeldValue extends VersionedValue {
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/** Answers of Secrets Manager after which no earlier value may be used: access or secret was taken away. */
const WITHDRAWN = /^(AccessDenied|ResourceNotFound)Exception$/;

/**
 * The current value of a secret in memory. It is read again when it is old; while that fails, the old
 * value is used. All who wait share one read.
 */
export class HeldSecret implements ValueSource {
  readonly fix = "rotate it, unless it was revoked";
  // The previous client still works for a while after a rotation.
  readonly overlaps = true;
  private held: HeldValue | undefined;
  private freshUntil = 0;
  private reading: Promise<HeldValue> | undefined;
  private forced: Promise<HeldValue> | undefined;
  private forcedAt = 0;
  private failure: { readonly error: Error; readonly until: number } | undefined;

  constructor(private readonly props: HeldSecretProps) {}

  get name(): string {
    return this.props.secretId;
  }

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
    // All who wait for the forced read get its value, and not the one that does not work.
    if (this.forced) return this.forced;
    if (this.held && clock.now() < this.forcedAt + PAUSE) return this.held;
    this.forcedAt = clock.now();
    this.forced = this.afterReading().finally(() => {
      this.forced = undefined;
    });
    return this.forced;
  }

  /** Does nothing: a secret that was read needs no return. */
  async close(): Promise<void> {}

  /** Reads past every cache, after a read that is in progress: a cache may answer that one. */
  private async afterReading(): Promise<HeldValue> {
    await this.reading?.catch(() => {});
    return this.read(true);
  }

  private read(refresh: boolean): Promise<HeldValue> {
    this.reading ??= this.readOnce(refresh).finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(refresh: boolean): Promise<HeldValue> {
    const { secretId, source, cache, clock, maxAge, maxStale, onProblem } = this.props;
    if (this.failure && clock.now() < this.failure.until) throw this.failure.error;
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
    const now = clock.now();
    if (!WITHDRAWN.test(failure.name)) {
      const isUsable = held && now < held.readAt + 1000 * (maxAge + maxStale);
      if (isUsable) return this.bridged(held, failure);
      const stored = await cache?.load(secretId).catch(onProblem);
      if (stored) return this.bridged(this.hold(stored, stored.storedAt), failure);
    }
    // Calls without a value must not become a stream of reads.
    this.failure = { error: failure, until: now + SHORT_PAUSE };
    throw failure;
  }

  /** Uses an earlier value for a while. */
  private bridged(value: HeldValue, failure: Error): HeldValue {
    this.props.onProblem(failure);
    this.freshUntil = this.props.clock.now() + PAUSE;
    return value;
  }

  private hold({ text, versionId }: SecretText, readAt = this.props.clock.now()): HeldValue {
    const { secretId, clock, random, maxAge } = this.props;
    const credential = readCredential(text, secretId);
    const now = clock.now();
    this.held = { credential, versionId, readAt };
    // Processes that started together must not read together for ever.
    this.freshUntil = now + 1000 * maxAge * (1 - 0.2 * random());
    return this.held;
  }
}
