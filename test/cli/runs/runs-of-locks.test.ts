import { StateStore } from "../../../lib/cli/project/state-store";
import { newRunId, type RunRecord } from "../../../lib/cli/runs/run-record";
import { runsOfLocks } from "../../../lib/cli/runs/runs-of-locks";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { backendOn, record, writeRecord } from "./records";

useLoopbackCredentials();

const [SECOND, HOUR, DAY] = [1000, 3_600_000, 24 * 3_600_000];

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

/** Time since this test began; the store's own clock cannot be set. */
const ago = (time: number) => Date.now() - time;

/** Records that an apply began, and returns the id of its run. */
async function begin(time: number, patch: Partial<RunRecord> = {}): Promise<string> {
  const run = newRunId(time);
  const at = new Date(time).toISOString();
  await writeRecord(backendOn(store), record({ run, at, ...patch }));
  return patch.run ?? run;
}
const end = (run: string, time: number, patch: Partial<RunRecord> = {}) =>
  begin(time, { run, event: "ended", outcome: "failed", ...patch });

const lockTaken = (created: number, patch: object = {}) => ({
  id: "1",
  operation: "OperationTypeApply",
  who: "runner@ci",
  created,
  path: "",
  ...patch,
});
const runsOf = async (...locks: ReturnType<typeof lockTaken>[]) =>
  (await runsOfLocks(states, { org: "na-prod", stack: "org-na-prod" }, locks)).map(
    (run) => run?.run,
  );

describe("the run of a lock", () => {
  test("is the last one that began before the lock was taken", async () => {
    await begin(ago(20 * SECOND));
    const last = await begin(ago(10 * SECOND));
    await begin(ago(0));
    expect(await runsOf(lockTaken(ago(5 * SECOND)))).toEqual([last]);
  });

  test("is none that had ended before", async () => {
    const first = await begin(ago(20 * SECOND));
    const second = await begin(ago(10 * SECOND));
    await end(second, ago(9 * SECOND));
    expect(await runsOf(lockTaken(ago(5 * SECOND)))).toEqual([first]);
  });

  test("is one of the same stack: the end of a component's apply is another one", async () => {
    const stack = "org-na-prod.network";
    const run = await begin(ago(20 * SECOND));
    await begin(ago(10 * SECOND), { run, stack });
    await end(run, ago(10 * SECOND), { stack });
    expect(await runsOf(lockTaken(ago(5 * SECOND)))).toEqual([run]);
  });

  test("may have been approved days after it began", async () => {
    const run = newRunId(ago(20 * DAY));
    await begin(ago(10 * SECOND), { run });
    expect(await runsOf(lockTaken(ago(5 * SECOND)))).toEqual([run]);
  });

  test("is not looked for among those that began months ago", async () => {
    await begin(ago(10 * SECOND), { run: newRunId(ago(40 * DAY)) });
    expect(await runsOf(lockTaken(ago(5 * SECOND)))).toEqual([undefined]);
  });

  test("is not read where the time of the record cannot be that of the lock", async () => {
    await begin(ago(10 * SECOND));
    expect(await runsOf(lockTaken(ago(2 * HOUR)))).toEqual([undefined]);
    expect(store.log.filter(([{ method }]) => method === "GET")).toHaveLength(1);
  });

  test.each([
    ["a plan", { operation: "OperationTypePlan" }],
    ["an unknown time", { created: Number.NaN }],
  ])("is unknown for a lock of %s, without a request", async (_which, patch) => {
    await begin(ago(10 * SECOND));
    expect(await runsOf(lockTaken(ago(0), patch))).toEqual([undefined]);
    expect(store.log).toHaveLength(1);
  });

  test("is unknown when nobody has deployed", async () => {
    expect(await runsOf(lockTaken(ago(0)))).toEqual([undefined]);
  });

  test("is not that of another org whose name begins the same", async () => {
    await begin(ago(10 * SECOND), { org: "na-prod-2", stack: "org-na-prod-2" });
    expect(await runsOf(lockTaken(ago(0)))).toEqual([undefined]);
  });

  test("is found for each of two locks", async () => {
    const mine = await begin(ago(10 * SECOND), { author: { user: "me@host" } });
    const runners = await begin(ago(10 * SECOND));
    const now = ago(0);
    const locks = [lockTaken(now), lockTaken(now, { who: "me@host" }), lockTaken(now, { who: "" })];
    expect(await runsOf(...locks)).toEqual([runners, mine, undefined]);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "null"],
    ["of a later version", JSON.stringify({ ...record(), version: 2 })],
    ["without an author", JSON.stringify({ ...record(), author: null })],
  ])("is found next to a record that is %s", async (_what, text) => {
    const run = await begin(ago(10 * SECOND));
    await states.createObject(`orgs/na-prod/runs/${newRunId(ago(0))}.begun.json`, text);
    expect(await runsOf(lockTaken(ago(0)))).toEqual([run]);
  });

  test("cannot control the terminal that shows it", async () => {
    await begin(ago(10 * SECOND), { author: { user: "me\u001b[2J", job: "https://\u202e" } });
    const lock = lockTaken(ago(0), { who: "me?[2J" });
    const [run] = await runsOfLocks(states, { org: "na-prod", stack: "org-na-prod" }, [lock]);
    expect(run?.author).toEqual({ user: "me?[2J", job: "https://?" });
  });
});
