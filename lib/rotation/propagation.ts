import { ApiError } from "../http/api-error";
import type { Clock } from "../http/clock";

/** Milliseconds until all of Genesys Cloud knows a new client, or a change to one. */
export const PROPAGATION = 60_000;
const ASK_AGAIN_AFTER = 5_000;

/**
 * Asks for something new, and repeats that while Genesys Cloud may not know it everywhere yet.
 * @param propagation milliseconds for which it may be unknown
 * @returns the answer; undefined if it does not exist
 */
export async function askUntilKnown<Answer>(
  clock: Clock,
  ask: () => Promise<Answer | undefined>,
  isEarly: (error: ApiError) => boolean = isUnknown,
  propagation = PROPAGATION,
): Promise<Answer | undefined> {
  const started = clock.now();
  for (;;) {
    const late = clock.now() - started >= propagation;
    try {
      const answer = await ask();
      if (answer !== undefined || late) return answer;
    } catch (error) {
      if (!(error instanceof ApiError) || !isEarly(error) || late) throw error;
    }
    await clock.sleep(ASK_AGAIN_AFTER);
  }
}

/** Whether the login or the API does not know the client. */
export const isUnknown = ({ status, code }: ApiError): boolean =>
  status === 401 || (status === 400 && code === "invalid_client");
