const DAY = 24 * 3_600_000;

/**
 * Secrets Manager's schedule `rate(<days> days)` of one secret. Its window opens at midnight, in UTC, and
 * a rotation may begin at once. No document says whether a rotation that somebody else starts moves the
 * next date, as it does for `AutomaticallyAfterDays`.
 */
export class FakeRate {
  private since: number;

  /** @param isMoved whether a rotation that somebody else starts moves the next date */
  constructor(
    private readonly days: number,
    created: number,
    private readonly isMoved: boolean,
  ) {
    this.since = created;
  }

  /** Time at which the window of the next rotation opens. */
  get opensAt(): number {
    return Math.floor((this.since + this.days * DAY) / DAY) * DAY;
  }

  /** Secrets Manager started the rotation itself. */
  ran(): void {
    this.since = this.opensAt;
  }

  /** Somebody else called RotateSecret. */
  rotatedByHand(now: number): void {
    if (this.isMoved) this.since = now;
  }
}
