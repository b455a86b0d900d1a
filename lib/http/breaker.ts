import type { Clock } from "./clock";

const WINDOW = 60_000;
const BUCKET = 1_000;
const OPEN_FOR = 30_000;
const MOST_FAILURES = 0.05;
/** Below it, a share says nothing. */
const LEAST_CALLS = 20;

interface Bucket {
  readonly from: number;
  calls: number;
  failures: number;
}

/**
 * Stops calls to an API that fails: when more than 5 % of those of the last 60 s have failed, of 20
 * at least, none is made for 30 s. Then one tries: when it succeeds all may, when it fails none for
 * another 30 s.
 */
export class Breaker {
  private buckets: Bucket[] = [];
  private openUntil: number | undefined;
  private probing = false;

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until a call may be made; 0: now. */
  get wait(): number {
    if (this.openUntil === undefined) return 0;
    const left = this.openUntil - this.clock.now();
    if (left > 0) return left;
    return this.probing ? OPEN_FOR : 0;
  }

  /**
   * Notes that a call begins.
   * @returns whether it is the one that tries
   */
  begin(): boolean {
    if (this.openUntil !== undefined) this.probing = true;
    return this.probing;
  }

  /**
   * Notes how a call ended.
   * @param probe what `begin` returned for it
   */
  end(failed: boolean, probe: boolean): void {
    // One from before it opened says nothing about now.
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
    // By time and not by calls: old failures do not count however few calls there are.
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
