import type { Clock } from "./clock";

const WINDOW = 60_000;
const BUCKET = 1_000;
const OPEN_FOR = 30_000;
const MOST_FAILURES = 0.05;
/** With fewer calls, the share of failures says nothing. */
const LEAST_CALLS = 20;

interface Bucket {
  readonly from: number;
  calls: number;
  failures: number;
}

/**
 * Stops calls to a failing API. It opens for 30 s when more than 5 % of the last minute's calls
 * have failed, and there were at least 20. Then it lets one call through as a probe: if the probe
 * succeeds, the breaker closes; if it fails, the breaker stays open for another 30 s.
 */
export class Breaker {
  private buckets: Bucket[] = [];
  private openUntil: number | undefined;
  private probing = false;

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until a call may be made; 0 means now. */
  get wait(): number {
    if (this.openUntil === undefined) return 0;
    const left = this.openUntil - this.clock.now();
    if (left > 0) return left;
    return this.probing ? OPEN_FOR : 0;
  }

  /**
   * Records that a call begins.
   * @returns whether it is the probe
   */
  begin(): boolean {
    if (this.openUntil !== undefined) this.probing = true;
    return this.probing;
  }

  /**
   * Records how a call ended.
   * @param probe the result of `begin` for this call
   */
  end(failed: boolean, probe: boolean): void {
    // A call that began before the breaker opened says nothing about the API now.
    if (this.openUntil !== undefined && !probe) return;
    if (probe) {
      this.probing = false;
      this.buckets = [];
      this.openUntil = failed ? this.clock.now() + OPEN_FOR : undefined;
      return;
    }
    this.count(failed);
    const calls = this.sum("calls");
    if (calls >= LEAST_CALLS && this.sum("failures") > MOST_FAILURES * calls) {
      this.openUntil = this.clock.now() + OPEN_FOR;
    }
  }

  private count(failed: boolean): void {
    const now = this.clock.now();
    // By time, not by number of calls: old failures must not count, however few calls there are.
    this.buckets = this.buckets.filter(({ from }) => from > now - WINDOW);
    let bucket = this.buckets.at(-1);
    if (!bucket || now - bucket.from >= BUCKET) {
      bucket = { from: now, calls: 0, failures: 0 };
      this.buckets.push(bucket);
    }
    bucket.calls += 1;
    if (failed) bucket.failures += 1;
  }

  private sum(of: "calls" | "failures"): number {
    return this.buckets.reduce((total, bucket) => total + bucket[of], 0);
  }
}
