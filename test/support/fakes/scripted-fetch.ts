import { FakeClock } from "./fake-clock";

/** An answer, or the error instead of one. */
export type ScriptedReply =
  | Error
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A request that was sent. */
export interface ScriptedRequest {
  readonly call: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly redirect: unknown;
}

/** Answers according to a script, and repeats the last answer. */
export function scriptedFetch(...script: readonly ScriptedReply[]) {
  const requests: ScriptedRequest[] = [];
  const send = (async (url: string, { method, headers, body, redirect }: RequestInit = {}) => {
    const reply = script[Math.min(requests.length, script.length - 1)];
    requests.push({ call: `${method} ${url}`, headers: headers as never, body, redirect });
    if (reply === undefined || reply instanceof Error) throw reply;
    const text = reply.text ?? JSON.stringify(reply.body ?? {});
    // A 204 must not have even an empty text.
    return new Response(text === "" ? null : text, reply);
  }) as typeof fetch;
  return { fetch: send, requests };
}

/** A clock that records every sleep and its length. */
export class SleepDiary extends FakeClock {
  readonly sleeps: number[] = [];

  override async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    await super.sleep(milliseconds);
  }
}
