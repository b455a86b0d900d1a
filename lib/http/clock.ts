/** Time, as code here sees it: tests put a clock of their own in its place. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @param milliseconds how long to wait */
  sleep(milliseconds: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};
