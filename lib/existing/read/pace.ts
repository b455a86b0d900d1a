import type { Clock } from "../../http/clock";

/** Length of the window in which the API counts requests, in milliseconds. */
const WINDOW = 60_000;

/**
 * Lets at most so many calls begin in any 60 seconds. The API allows 300 per minute and token; some are left
 * for whatever else uses the client, and for retries.
 */
export class Pace {
  /** Times of the newest calls, in milliseconds since 1970; the oldest first. */
  private readonly begun: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly perMinute = 280,
  ) {}

  /** Waits until one more call may begin. */
  async take(): Promise<void> {
    const now = this.clock.now();
    const oldest = this.begun.length < this.perMinute ? undefined : this.begun.shift();
    const start = oldest === undefined ? now : Math.max(now, oldest + WINDOW);
    // Noted before the wait, so that waiting calls follow each other.
    this.begun.push(start);
    if (start > now) await this.clock.sleep(start - now);
  }
}
