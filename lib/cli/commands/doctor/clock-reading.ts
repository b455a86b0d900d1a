import { failed, notChecked, type Outcome, ok } from "./checklist";

/** Seconds that a clock may be off. AWS refuses signatures from 300 s; drain times are minutes. */
const MOST_SECONDS = 60;

/** Compares this machine's clock with those of whom it talks to, by the `Date` of their answers. */
export class ClockReading {
  /** Milliseconds that this machine is ahead, at least; negative: behind. */
  private ahead: number | undefined;

  constructor(private readonly now: () => number) {}

  /** A `fetch` that looks at the clock of whoever answers. */
  readonly fetch: typeof fetch = async (input, init) => {
    const sent = this.now();
    const response = await fetch(input, init);
    this.note(response.headers.get("date"), sent);
    return response;
  };

  /**
   * @param date of an answer that just came
   * @param sent when it was asked for
   */
  note(date: string | null | undefined, sent: number): void {
    const theirs = Date.parse(date ?? "");
    if (Number.isNaN(theirs)) return;
    // The header has whole seconds, and was written between the question and now.
    this.ahead = Math.max(0, sent - (theirs + 1000)) || Math.min(0, this.now() - theirs);
  }

  /** @param whose for example `Vault` */
  outcome(whose: string): Outcome {
    if (this.ahead === undefined) return notChecked(`no answer of ${whose} had a date`);
    const seconds = Math.round(Math.abs(this.ahead) / 1000);
    if (seconds <= MOST_SECONDS) return ok(`within ${MOST_SECONDS} s of ${whose}'s`);
    return failed(
      `this machine's clock is ${seconds} s ${this.ahead > 0 ? "ahead of" : "behind"} ${whose}'s: signatures are refused, and clients retire too early or too late`,
      "synchronize it (NTP)",
    );
  }
}
