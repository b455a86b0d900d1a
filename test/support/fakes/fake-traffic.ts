import type { Clock } from "../../../lib/http/clock";

const MINUTE = 60_000;

/** How many requests Genesys Cloud lets a token make. */
export interface RateLimit {
  /** @default 300 */
  readonly perMinute?: number;
  /**
   * Whether a minute begins anew with each request, or all requests of a minute count until it ends. No
   * document says it.
   * @default "sliding"
   */
  readonly window?: "sliding" | "fixed";
}

/** The requests that arrived, and when. */
export class FakeTraffic {
  private readonly times: number[] = [];
  private readonly allowed = new Map<string, number[]>();

  constructor(
    private readonly clock: Clock,
    private readonly limit?: RateLimit,
  ) {}

  /** How many requests arrived. */
  get count(): number {
    return this.times.length;
  }

  /** The most requests in any minute. */
  get peakPerMinute(): number {
    let first = 0;
    let peak = 0;
    this.times.forEach((time, index) => {
      while (time - (this.times[first] ?? time) >= MINUTE) first += 1;
      peak = Math.max(peak, index - first + 1);
    });
    return peak;
  }

  arrived(): void {
    this.times.push(this.clock.now());
  }

  /** Seconds after which a token may make its next request; undefined if it may make one now. */
  refused(token: string): number | undefined {
    if (!this.limit) return undefined;
    const { perMinute = 300, window = "sliding" } = this.limit;
    const now = this.clock.now();
    const since = window === "sliding" ? now - MINUTE : Math.floor(now / MINUTE) * MINUTE - 1;
    const recent = (this.allowed.get(token) ?? []).filter((time) => time > since);
    this.allowed.set(token, recent);
    if (recent.length < perMinute) {
      recent.push(now);
      return undefined;
    }
    const opens = window === "sliding" ? (recent[0] ?? now) + MINUTE : since + 1 + MINUTE;
    return Math.max(1, Math.ceil((opens - now) / 1000));
  }
}
