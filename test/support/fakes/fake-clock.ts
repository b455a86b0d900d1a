import type { Clock } from "../../../lib/http/clock";

/** A clock that moves only when code sleeps or a test moves it. */
export class FakeClock implements Clock {
  constructor(private time = Date.parse("2026-11-21T00:00:00Z")) {}

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
