import type { Clock } from "../http/clock";
import { ApiError } from "../http/errors";

/** Milliseconds until all of Genesys Cloud knows a new client, or a change of one. */
export const PROPAGATION = 60_000;
const ASK_AGAIN_AFTER = 5_000;

/**
 * Asks about what is new, and again for as long as it may not be known everywhere.
 * @param propagation milliseconds for which it may not be known
 * @returns the answer; undefined: it is not there
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

/** The login, or the API, does not know the client. */
export const isUnknown = ({ status, code }: ApiError): boolean =>
  status === 401 || (status === 400 && code === "invalid_client");
