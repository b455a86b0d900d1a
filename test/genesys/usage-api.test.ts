import { UsageApi } from "../../lib/genesys/usage-api";

/** The use of a client, where Genesys Cloud gives these answers, one after the other. */
function useBy(...answers: readonly unknown[]) {
  const left = [...answers];
  const paths: string[] = [];
  const slept: number[] = [];
  const api = {
    call: async (_: string, path: string) => {
      paths.push(path);
      return left.length > 1 ? left.shift() : left[0];
    },
  };
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  return { used: new UsageApi(api, clock).useOf("a/b", 7), paths, slept };
}

const BEGUN = { executionId: "e 1" };
const complete = (more: object) => ({ queryStatus: "Complete", ...more });

test("it asks until the query has ended, and sums up", async () => {
  const rows = [
    { requests: 2, date: "2026-11-28T00:00:00.000Z" },
    { requests: 0, date: "2026-11-29T00:00:00.000Z" },
    { requests: 3, date: "2026-11-26T00:00:00.000Z" },
  ];
  const { used, paths, slept } = useBy(
    BEGUN,
    { queryStatus: "Running" },
    complete({ results: rows }),
  );
  expect(await used).toEqual({ known: true, requests: 5, lastDay: "2026-11-28" });
  expect(paths).toEqual([
    "/api/v2/oauth/clients/a%2Fb/usage/summary?days=7",
    "/api/v2/oauth/clients/a%2Fb/usage/query/results/e%201",
    "/api/v2/oauth/clients/a%2Fb/usage/query/results/e%201",
  ]);
  expect(slept).toEqual([2000]);
});

test.each<[string, unknown[], string]>([
  ["no query", [{}], "began no query"],
  ["a query without an end", [BEGUN, {}], "did not end within a minute"],
  ["no results", [BEGUN, complete({})], "has no results"],
  [
    "results without a number",
    [BEGUN, complete({ results: [{ date: "2026-11-28" }] })],
    "without a number",
  ],
  [
    "a first page without calls",
    [BEGUN, complete({ results: [], cursors: { after: "x" } })],
    "only a part",
  ],
])("%s is not known, never unused", async (_, answers, reason) => {
  expect(await useBy(...answers).used).toEqual({
    known: false,
    reason: expect.stringContaining(reason),
  });
});

test("no rows at all are no calls", async () => {
  const none = { known: true, requests: 0, lastDay: undefined };
  expect(await useBy(BEGUN, complete({ results: [] })).used).toEqual(none);
});
