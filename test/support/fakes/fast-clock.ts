import type { Clock } from "../../../lib/http/clock";

/** A clock that runs faster than the machine's, for code that runs in several processes. */
export class FastClock implements Clock {
  /**
   * @param speed how many times as fast
   * @param from time at which both clocks show the same
   */
  constructor(
    readonly speed: number,
    private readonly from: number,
  ) {}

  now(): number {
    return this.from + (Date.now() - this.from) * this.speed;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => setTimeout(wake, milliseconds / this.speed));
  }
}
