import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../lib/http/clock";

/** A clock for code that sleeps in parallel: each sleeper wakes at its own time. */
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
      if (!next) throw new Error("no code sleeps, but the promise is not settled");
      this.time = Math.max(this.time, next.until);
      next.wake();
      await setImmediate();
    }
    return promise;
  }
}
