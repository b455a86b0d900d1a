import type { Clock } from "./clock";

/** Length of the window in which the API counts requests, in milliseconds. */
const WINDOW = 60_000;

/**
 * Lets at most so many requests begin in any minute, so that the API need not refuse any. It allows 300 per
 * minute for each token; some are left for whatever else uses the token, and since requests take different
 * times to arrive. Source: limit `client.credentials.token.rate.per.minute` of the Platform API.
 */
export class CallPace {
  /** Times at which the newest requests begin, in milliseconds since 1970; the oldest first. */
  private begun: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly perMinute = 280,
  ) {}

  /** Waits until one more request may begin. */
  async take(): Promise<void> {
    const now = this.clock.now();
    const start = this.next(now);
    if (this.begun.length === this.perMinute) this.begun.shift();
    // Noted before the wait, so that waiting calls follow each other.
    this.begun.push(start);
    if (start > now) await this.clock.sleep(start - now);
  }

  /**
   * Lets nothing begin for a while, and no burst afterwards: the API has refused a request. Its limit is
   * shared with other clients, so an unused window here does not mean that there is room.
   * @param milliseconds the wait that the API asked for
   */
  pause(milliseconds: number): void {
    const now = this.clock.now();
    const end = now + milliseconds;
    if (end < this.next(now)) return;
    // As if a whole window had been used evenly.
    this.begun = Array.from(
      { length: this.perMinute },
      (_, index) => end - WINDOW + (index * WINDOW) / this.perMinute,
    );
  }

  /** Time at which the next request may begin. */
  private next(now: number): number {
    const [oldest] = this.begun;
    const isFull = oldest !== undefined && this.begun.length === this.perMinute;
    return isFull ? Math.max(now, oldest + WINDOW) : now;
  }
}
