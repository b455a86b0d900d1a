import type { Clock } from "./clock";

/**
 * Spreads requests over time, so that the API need not refuse any: 300 per minute for each token.
 * Source: limit `client.credentials.token.rate.per.minute` of the Platform API.
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param perMinute number of requests per minute; as many may be sent at once */
  constructor(
    private readonly clock: Clock,
    private readonly perMinute = 300,
  ) {
    this.tokens = perMinute;
    this.filledAt = clock.now();
  }

  /** Waits until one more request may be sent. */
  async take(): Promise<void> {
    this.fill();
    // Taken before the wait, so that waiting calls are served one after the other.
    this.tokens -= 1;
    if (this.tokens < 0) await this.clock.sleep((-this.tokens * 60_000) / this.perMinute);
  }

  /**
   * Sends nothing for a while, and allows no burst afterwards: the API has refused a request. Its
   * limit is shared with other clients, so a full bucket here does not mean that there is room.
   * @param milliseconds the wait that the API asked for
   */
  pause(milliseconds: number): void {
    this.fill();
    this.tokens = Math.min(this.tokens, 1 - (milliseconds * this.perMinute) / 60_000);
  }

  private fill(): void {
    const now = this.clock.now();
    const gained = ((now - this.filledAt) * this.perMinute) / 60_000;
    this.tokens = Math.min(this.perMinute, this.tokens + gained);
    this.filledAt = now;
  }
}
