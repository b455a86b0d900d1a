import { StateStore } from "../../../lib/cli/project/state-store";
import { openRuns } from "../../../lib/cli/runs/open-runs";
import { type RunRecord, writeRunRecord } from "../../../lib/cli/runs/run-record";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { backendOn, record } from "./records";

useLoopbackCredentials();

const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-11-29T00:00:00Z");

let store: LoopbackStore;
let states: StateStore;
beforeEach(async () => {
  store = await startLoopbackStore();
  states = new StateStore(backendOn(store));
});
afterEach(async () => {
  states.close();
  await store.stop();
});

const idOf = (day: number) => `202611${String(day).padStart(2, "0")}t000000z-00000000`;

/** Records that a run began on a day of November. */
const begin = (day: number, patch: Partial<RunRecord> = {}) => {
  const at = new Date(Date.UTC(2026, 10, day)).toISOString();
  const begun = record({ run: idOf(day), at, ...patch });
  return writeRunRecord(backendOn(store), begun, "production");
};
const end = (day: number, patch: Partial<RunRecord> = {}) =>
  begin(day, { event: "ended", outcome: "failed", ...patch });
const open = async (since = NOW - 30 * DAY) =>
  (await openRuns(states, "na-prod", since)).map(({ run, stack }) => [run, stack]);

describe("the open runs of an org", () => {
  test("have begun and not ended, and the newest is first", async () => {
    for (const day of [3, 1, 2]) await begin(day);
    await end(2);
    expect(await open()).toEqual([3, 1].map((day) => [idOf(day), "org-na-prod"]));
  });

  test("are none when nobody has deployed", async () => {
    expect(await open()).toEqual([]);
  });

  test("are those of one stack: a component's end is not that of the org's own stack", async () => {
    const stack = "org-na-prod.network";
    await begin(1);
    await begin(1, { stack });
    await end(1, { stack });
    expect(await open()).toEqual([[idOf(1), "org-na-prod"]]);
  });

  test("are not those of another org whose name begins the same", async () => {
    await begin(1, { org: "na-prod-2", stack: "org-na-prod-2" });
    expect(await open()).toEqual([]);
  });

  test("leave out what is older, without a request for it", async () => {
    for (const day of [1, 20]) await begin(day);
    expect(await open(NOW - 10 * DAY)).toEqual([[idOf(20), "org-na-prod"]]);
    expect(store.log.map(([{ method, url }]) => `${method} ${url}`).slice(2)).toEqual([
      expect.stringMatching(/start-after=orgs%2Fna-prod%2Fruns%2F20261119t000000z/),
      expect.stringMatching(/20261120t000000z/),
    ]);
  });

  test("are the newest 50, however many were killed", async () => {
    const runs = Array.from({ length: 55 }, (_, index) => 10 + index);
    for (const number of runs) {
      const run = `20261101t0000${number}z-00000000`;
      await begin(1, { run, at: `2026-11-01T00:01:00.0${number}Z` });
    }
    const found = await open();
    expect(found).toHaveLength(50);
    expect(found[0]?.[0]).toBe("20261101t000064z-00000000");
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "null"],
    ["of a later version", JSON.stringify({ ...record(), version: 2 })],
    ["without an author", JSON.stringify({ ...record(), author: null })],
  ])("leave out a record that is %s", async (_what, text) => {
    await begin(1);
    await states.createObject("orgs/na-prod/runs/20261102t000000z-1.begun.json", text);
    expect(await open()).toEqual([[idOf(1), "org-na-prod"]]);
  });

  test("cannot control the terminal that shows them", async () => {
    await begin(1, { author: { user: "me\u001b[2J", job: "https://\u202e" } });
    const [run] = await openRuns(states, "na-prod", NOW - 30 * DAY);
    expect(run?.author).toEqual({ user: "me?[2J", job: "https://?" });
  });
});
