import type { Clock } from "../../../lib/http/clock";

/**
 * A clock for code that runs side by side: time moves to the next wake-up when all of it sleeps. It needs
 * code whose only waits are this clock's.
 */
export class VirtualClock implements Clock {
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(private time = Date.parse("2026-11-21T00:00:00Z")) {}

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ until: this.time + Math.max(0, milliseconds), wake });
    });
  }

  /** Lets time pass until some work is done. */
  async run(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => {});
    for (;;) {
      // Everything that can go on does, before time moves.
      await new Promise(setImmediate);
      if (isDone) break;
      const next = this.sleepers.sort((one, other) => one.until - other.until).shift();
      if (!next) continue;
      this.time = Math.max(this.time, next.until);
      next.wake();
    }
    await done;
  }
}
