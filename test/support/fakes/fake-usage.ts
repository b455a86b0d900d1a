import { missingPermission, notFound, type Reply } from "./organization/answers";

// How much OAuth clients are used, as the Platform API's SDK (purecloud-platform-client-v2 262) and Genesys'
// examples show it. It shares no code with the code that is tested against it.

/** Answers that no document gives; tests run with all of them. */
export type UsageAnswer =
  | "documented"
  /** The caller may not see it. */
  | "forbidden"
  /** The region has no such call. */
  | "missing"
  /** The query is never complete. */
  | "endless"
  /** The results name no days. */
  | "without days"
  /** Only a part of the results, without calls. */
  | "part";

export class FakeUsage {
  /** Calls of clients by day: `{ "2026-11-28": 3 }`. */
  readonly calls = new Map<string, Readonly<Record<string, number>>>();
  answer: UsageAnswer = "documented";
  private readonly asked = new Map<string, number>();

  /** Answers a request about the use of a client; undefined if it is about something else. */
  handle({ path }: { readonly path: string }): Reply | undefined {
    const [, client = "", part = ""] =
      /^\/api\/v2\/oauth\/clients\/([^/]+)\/usage\/(.+)$/.exec(path) ?? [];
    if (part === "") return undefined;
    if (this.answer === "forbidden") return missingPermission("oauth:client:view");
    if (this.answer === "missing") return notFound();
    const id = `execution-of-${client}`;
    if (part === "summary") {
      this.asked.set(id, 0);
      const resultsUri = `/api/v2/oauth/clients/${client}/usage/query/results/${id}`;
      return { status: 200, body: { executionId: id, resultsUri } };
    }
    const asked = this.asked.get(id);
    if (part !== `query/results/${id}` || asked === undefined) return notFound();
    this.asked.set(id, asked + 1);
    // The first question is too early.
    if (asked === 0 || this.answer === "endless") {
      return { status: 200, body: { queryStatus: "Running" } };
    }
    const cursors = this.answer === "part" ? { after: "next" } : undefined;
    const rows = this.answer === "part" ? [] : this.rowsOf(client);
    return { status: 200, body: { queryStatus: "Complete", results: rows, cursors } };
  }

  private rowsOf(client: string): object[] {
    return Object.entries(this.calls.get(client) ?? {}).map(([date, requests]) => ({
      clientId: client,
      status200: requests,
      requests,
      ...(this.answer !== "without days" && { date: `${date}T00:00:00.000Z` }),
    }));
  }
}
