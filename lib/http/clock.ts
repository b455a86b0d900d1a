/** The current time, and waiting. Tests use a clock of their own. */
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
