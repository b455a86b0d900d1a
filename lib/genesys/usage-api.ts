import { ApiError } from "../http/api-error";
import type { Clock } from "../http/clock";
import type { AuthenticatedCalls } from "./authenticated-calls";

/** The use of an OAuth client, by days of UTC. Genesys Cloud counts until yesterday. */
export type ClientUse =
  | {
      readonly known: true;
      /** Calls of the API in the days that were asked for. */
      readonly requests: number;
      /** The last day with calls, for example `2026-11-28`; undefined if the answer does not say. */
      readonly lastDay?: string;
    }
  | { readonly known: false; readonly reason: string };

/** A query that Genesys Cloud has begun. */
export interface UsageExecution {
  readonly executionId?: string;
}

/** The results of a query. */
export interface UsageResults {
  /** `Complete` when it has ended; no document says which others there are. */
  readonly queryStatus?: string;
  readonly results?: readonly { readonly requests?: number; readonly date?: string }[];
  /** There are more results if it has `after`. */
  readonly cursors?: { readonly after?: string };
}

/** Milliseconds between two questions whether a query has ended, and the number of questions. */
const PAUSE = 2_000;
const MOST_QUESTIONS = 30;

/**
 * The part of the Platform API that tells how much OAuth clients are used, from the definitions of
 * purecloud-platform-client-v2 262. Needs the permission `oauth:client:view` or `usage:client:view`.
 */
export class UsageApi {
  constructor(
    private readonly api: Pick<AuthenticatedCalls, "call">,
    private readonly clock: Pick<Clock, "sleep">,
  ) {}

  /**
   * Returns how much a client was used. An answer that does not say so is not known, never "unused".
   * @param days whole days before today
   */
  async useOf(clientId: string, days: number): Promise<ClientUse> {
    const path = `/api/v2/oauth/clients/${encodeURIComponent(clientId)}/usage`;
    try {
      const begun = await this.api.call("GET", `${path}/summary?days=${days}`);
      const { executionId } = begun as UsageExecution;
      if (!executionId) return unknown("Genesys Cloud began no query");
      const results = `${path}/query/results/${encodeURIComponent(executionId)}`;
      for (let asked = 0; asked < MOST_QUESTIONS; asked++) {
        if (asked > 0) await this.clock.sleep(PAUSE);
        const answer = (await this.api.call("GET", results)) as UsageResults;
        if (answer.queryStatus?.toLowerCase() === "complete") return useIn(answer);
      }
      return unknown("the query did not end within a minute");
    } catch (error) {
      if (error instanceof ApiError) return unknown(error.message);
      throw error;
    }
  }
}

function useIn({ results, cursors }: UsageResults): ClientUse {
  if (!Array.isArray(results)) return unknown("the answer has no results");
  const used = results.filter(({ requests }) => requests !== 0);
  if (used.some(({ requests }) => typeof requests !== "number")) {
    return unknown("the answer has results without a number of calls");
  }
  const requests = used.reduce((sum, row) => sum + (row.requests ?? 0), 0);
  if (requests === 0 && cursors?.after) return unknown("the answer is only a part");
  const days = used.flatMap(({ date }) => date?.slice(0, "2026-11-28".length) ?? []);
  return { known: true, requests, lastDay: days.sort().at(-1) };
}

const unknown = (reason: string): ClientUse => ({ known: false, reason });
