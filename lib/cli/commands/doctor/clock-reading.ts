import { proxiedFetch } from "../../../http/proxy";
import { failed, notChecked, type Outcome, ok } from "./checklist";

/** Seconds that a clock may be wrong. AWS refuses signatures from 300 s; clients drain for minutes. */
const MOST_SECONDS = 60;

/** Compares this machine's clock with that of a server, by the `Date` of its answers. */
export class ClockReading {
  /** Milliseconds by which this machine is at least ahead; negative if it is behind. */
  private ahead: number | undefined;

  constructor(private readonly now: () => number) {}

  /** Returns a `fetch` that also reads the clock of the server that answers. */
  through =
    (send: typeof fetch): typeof fetch =>
    async (input, init) => {
      const sent = this.now();
      const response = await send(input, init);
      this.note(response.headers.get("date"), sent);
      return response;
    };

  /** A `fetch` that reads the clock of the server that answers. */
  readonly fetch = this.through(proxiedFetch);

  /**
   * Notes an answer that has just arrived.
   *
   * @param date the answer's `Date`
   * @param sent when the request was sent
   */
  note(date: string | null | undefined, sent: number): void {
    const theirs = Date.parse(date ?? "");
    if (Number.isNaN(theirs)) return;
    // The header has whole seconds, and was written between the request and now.
    this.ahead = Math.max(0, sent - (theirs + 1000)) || Math.min(0, this.now() - theirs);
  }

  /** @param whose for example `Vault` */
  outcome(whose: string): Outcome {
    if (this.ahead === undefined) return notChecked(`no answer from ${whose} had a date`);
    const seconds = Math.round(Math.abs(this.ahead) / 1000);
    if (seconds <= MOST_SECONDS) return ok(`within ${MOST_SECONDS} s of the clock of ${whose}`);
    return failed(
      `the clock of this machine is ${seconds} s ${this.ahead > 0 ? "ahead of" : "behind"} that of ${whose}: signatures may be refused, and clients may retire too early or too late`,
      "synchronize the clock (NTP)",
    );
  }
}
