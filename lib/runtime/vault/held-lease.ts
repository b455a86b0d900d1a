import type { Clock } from "../../http/clock";
import { PAUSE, SHORT_PAUSE } from "../pauses";

/** How long a lease lasts from now on. */
export interface LeaseTerm {
  readonly seconds: number;
  readonly renewable: boolean;
}

/** A lease, as it was given. */
export interface Lease<Content> extends LeaseTerm {
  readonly id: string;
  readonly content: Content;
}

/** A place that leases come from. */
export interface Lessor<Content> {
  readonly name: string;
  request(): Promise<Lease<Content>>;
  /** Renews a lease; undefined if it must be replaced. */
  renew(id: string): Promise<LeaseTerm | undefined>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A lease that is in use. Times are in milliseconds since 1970. */
export interface TimedLease<Content> extends Lease<Content> {
  /** Time from which it is renewed or replaced. */
  readonly due: number;
  /** Time until which it is used. */
  readonly until: number;
  /** Time at which it ends by itself. */
  readonly ends: number;
}

/** Properties of a {@link HeldLease}. */
export interface HeldLeaseProps<Content> {
  readonly lessor: Lessor<Content>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onProblem: (error: Error) => void;
}

/** Milliseconds before its end from which a lease is no longer used. */
const MARGIN = 60_000;

/**
 * One lease at a time, taken at the first call. Calls renew it in time, and replace it where that is not
 * possible; while that fails, it is used until it ends. There are no timers: a process that makes no calls
 * lets its lease end, and takes another one at its next call. All who wait share one request.
 */
export class HeldLease<Content> {
  private held: TimedLease<Content> | undefined;
  /** Leases that were replaced, whose tokens calls in progress may still use. */
  private former: { readonly lease: TimedLease<Content>; readonly since: number }[] = [];
  private taking: Promise<TimedLease<Content>> | undefined;
  private replacing: Promise<TimedLease<Content>> | undefined;
  private replacedAt = 0;
  private failures = 0;
  private failure: { readonly error: Error; readonly until: number } | undefined;
  private readonly revocations = new Set<Promise<void>>();
  private closing: Promise<void> | undefined;

  constructor(private readonly props: HeldLeaseProps<Content>) {}

  /** Name of what is leased, for messages. */
  get name(): string {
    return this.props.lessor.name;
  }

  /** Returns the lease, which may be used now. */
  async current(): Promise<TimedLease<Content>> {
    if (this.closing) throw this.closed();
    const { held, failure } = this;
    const now = this.props.clock.now();
    this.revokeFormer(now);
    if (!held || now >= held.until) return this.take();
    const isDue = now >= held.due && !(failure && lasts(failure.until, now));
    // Nobody waits for it: an outage of Vault must not slow down calls that it does not stop.
    if (isDue && !this.taking) this.take().catch((error) => this.report(error));
    return held;
  }

  /**
   * Returns a lease in place of one that does not work; the same one if another would not help. Replaces
   * it only once in a while: what stays refused must not become a stream of leases.
   *
   * @param id the lease that does not work
   */
  async replaced(id: string): Promise<TimedLease<Content>> {
    const { held } = this;
    if (held?.id !== id) return this.current();
    const now = this.props.clock.now();
    if (!this.replacing && lasts(this.replacedAt + PAUSE, now)) return held;
    this.replacedAt = now;
    this.replacing ??= this.replace(held).finally(() => {
      this.replacing = undefined;
    });
    return this.replacing;
  }

  /** Revokes all leases. One that is being taken is awaited first: it must not stay behind. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await Promise.allSettled([this.taking, this.replacing]);
    const former = this.former.map(({ lease }) => lease);
    for (const lease of this.held ? [...former, this.held] : former) this.revoke(lease);
    await Promise.all(this.revocations);
    await this.props.lessor.close().catch(this.props.onProblem);
  }

  private async replace(refused: TimedLease<Content>): Promise<TimedLease<Content>> {
    // What is being taken may be another lease.
    while (this.taking) await this.taking.catch(() => {});
    if (this.held && this.held.id !== refused.id) return this.held;
    try {
      return await this.take(refused);
    } catch (error) {
      if (this.closing) throw error;
      this.props.onProblem(error as Error);
      return refused;
    }
  }

  /** @param refused the lease that must not be renewed, since it does not work */
  private take(refused?: TimedLease<Content>): Promise<TimedLease<Content>> {
    this.taking ??= this.takeOnce(refused).finally(() => {
      this.taking = undefined;
    });
    return this.taking;
  }

  private async takeOnce(refused?: TimedLease<Content>): Promise<TimedLease<Content>> {
    const { clock } = this.props;
    if (this.closing) throw this.closed();
    if (this.failure && lasts(this.failure.until, clock.now())) throw this.failure.error;
    try {
      const renewed = refused ? undefined : await this.renewed();
      this.hold(renewed ?? (await this.requested()), refused);
    } catch (error) {
      // A request whose answer was lost may have made a lease. So it is never repeated by itself, and the
      // calls that come next must not become a stream of such leases.
      const pause = Math.min(PAUSE, SHORT_PAUSE * 2 ** this.failures++);
      this.failure = { error: error as Error, until: clock.now() + pause };
      throw error;
    }
    if (this.closing) throw this.closed();
    return this.held as TimedLease<Content>;
  }

  /** Returns the lease with its new term; undefined if it must be replaced. */
  private async renewed(): Promise<TimedLease<Content> | undefined> {
    const { held } = this;
    const began = this.props.clock.now();
    if (!held?.renewable || began >= held.ends) return undefined;
    const term = await this.props.lessor.renew(held.id);
    if (!term) return undefined;
    // A term that is shorter than the one before ends with the lease's longest time.
    const renewable = term.renewable && term.seconds >= held.seconds;
    return this.timed({ ...held, ...term, renewable }, began);
  }

  private async requested(): Promise<TimedLease<Content>> {
    const began = this.props.clock.now();
    return this.timed(await this.props.lessor.request(), began);
  }

  /** @param began time of the request: the term began later, so nothing is used too long */
  private timed(lease: Lease<Content>, began: number): TimedLease<Content> {
    const life = 1000 * lease.seconds;
    // A lease that is shorter than the margin is used for half of its life.
    const usable = Math.max(life - MARGIN, life / 2);
    // Processes that started together must not come together for ever.
    const due = usable * (2 / 3 - this.props.random() / 6);
    return { ...lease, due: began + due, until: began + usable, ends: began + life };
  }

  private hold(next: TimedLease<Content>, refused: TimedLease<Content> | undefined): void {
    const { held } = this;
    this.held = next;
    this.failure = undefined;
    this.failures = 0;
    if (!held || held.id === next.id) return;
    if (refused) this.revoke(held);
    else this.former.push({ lease: held, since: this.props.clock.now() });
  }

  private revokeFormer(now: number): void {
    const over = this.former.filter(({ since }) => now >= since + PAUSE);
    if (over.length === 0) return;
    this.former = this.former.filter(({ since }) => now < since + PAUSE);
    for (const { lease } of over) this.revoke(lease);
  }

  /**
   * Revokes a lease in the background; if that fails, it ends by itself. Also one that seems to have ended:
   * it may have been renewed, and the answer lost.
   */
  private revoke({ id }: TimedLease<Content>): void {
    const { lessor, onProblem } = this.props;
    const revocation = lessor.revoke(id).catch(onProblem);
    this.revocations.add(revocation);
    revocation.finally(() => this.revocations.delete(revocation));
  }

  private report(error: Error): void {
    if (!this.closing) this.props.onProblem(error);
  }

  private closed(): Error {
    return new Error(`${this.name}: the lease was closed: make another object`);
  }
}

/** Whether a pause lasts. One that seems longer than any is over: the clock was set back since. */
const lasts = (until: number, now: number): boolean => now < until && until <= now + PAUSE;
