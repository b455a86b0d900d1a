import type { Clock } from "./clock";

/**
 * Spreads requests over time, so that the API need not refuse any: 300 a minute and token.
 * Source: limit `client.credentials.token.rate.per.minute` of the Platform API.
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param perMinute requests that may be sent in a minute; as many may be sent at once */
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
    // Taken before it is waited for, so that those who wait are served one after the other.
    this.tokens -= 1;
    if (this.tokens < 0) await this.clock.sleep((-this.tokens * 60_000) / this.perMinute);
  }

  /**
   * The API has refused one: nothing is sent for a while, and after it no burst. What it allows is
   * shared with others, so that a full bucket does not say that there is room.
   * @param milliseconds as the API says
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
