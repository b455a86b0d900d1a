import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../lib/http/clock";

/** A clock for those who sleep side by side: each wakes when the time that it asked for is there. */
export class HeldClock implements Clock {
  private time = Date.parse("2026-11-21T00:00:00Z");
  private sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ until: this.time + milliseconds, wake });
    });
  }

  /** Lets time pass until a promise is settled. */
  async run<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    await setImmediate();
    while (!settled) {
      const next = this.sleepers.sort((a, b) => a.until - b.until).shift();
      if (!next) throw new Error("nobody sleeps, and still nothing happens");
      this.time = Math.max(this.time, next.until);
      next.wake();
      await setImmediate();
    }
    return promise;
  }
}
