import fc from "fast-check";
import type { Crash, Turn } from "../rotation-world";
import { CREDENTIALS, DAY, EntryWorld, type PlaceName, type Run } from "./entry-world";

// The nightly workflow has many more.
const RUNS = Number(process.env.ROTATION_RUNS ?? 100);
const MINUTE = 60_000;

// Mostly the deployer, so that more happens to it.
const credential = fc.constantFrom(
  "deployer",
  "deployer",
  "deployer",
  "planner",
  "master",
  "master",
);
const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 30 }), before: fc.boolean() }),
  { nil: undefined, freq: 2 },
);
const run = fc.record({
  credential,
  retireOnly: fc.constantFrom(false, false, true),
  ifOlderThan: fc.constantFrom(undefined, undefined, 7 * DAY),
});
const faults = fc.array(
  fc.constantFrom("none", "none", "429", "503", "no request", "no answer", "partial list" as const),
  { maxLength: 16 },
);
const vaultFaults = fc.array(
  fc.constantFrom("none", "none", "429", "503", "no answer", "land" as const),
  { maxLength: 12 },
);
const createFaults = fc.array(fc.constantFrom("none", "429", "503", "no answer" as const), {
  maxLength: 2,
});
const writeFaults = fc.array(
  fc.constantFrom("none", "none", "429", "503", "no request", "no answer", "late", "late" as const),
  { maxLength: 5 },
);

/** The next event. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("run" as const), run, crash }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("both" as const),
      run,
      crash,
      // Mostly the same entry.
      other: fc.option(run, { nil: undefined, freq: 2 }),
      otherCrash: crash,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("faults" as const), faults, vaultFaults }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("writes" as const), createFaults, writeFaults }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      milliseconds: fc.constantFrom(MINUTE, 80 * MINUTE, DAY, DAY, 3 * DAY),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("edit" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("roll back" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pin" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("apply" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("land" as const) }) },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

async function happen(world: EntryWorld, what: Event, turn: Turn): Promise<unknown> {
  // A person uses --retire-only for the master only after the org's stack was applied.
  const allowed = (wanted: Run): Run => ({
    ...wanted,
    retireOnly: wanted.retireOnly && (wanted.credential !== "master" || world.isApplied),
  });
  switch (what.kind) {
    case "run":
      return world.run(allowed(what.run), turn, what.crash);
    case "both":
      return Promise.all([
        world.run(allowed(what.run), turn, what.crash),
        world.run(allowed(what.other ?? what.run), turn, what.otherCrash),
      ]);
    case "faults":
      world.vaultFaults.push(...what.vaultFaults);
      return world.faults.push(...what.faults);
    case "writes":
      world.createFaults.push(...what.createFaults);
      return world.writeFaults.push(...what.writeFaults);
    case "wait":
      return world.wait(what.milliseconds);
    case "edit":
      return world.edit(what.credential);
    case "roll back":
      return world.rollBack(what.credential);
    case "pin":
      return world.pin();
    case "apply":
      return world.apply();
    case "land":
      return world.entries.flush();
  }
}

/** Without a creator, the clients of unfinished runs are reported, and stay. */
const proven = ({ ours, unproven }: EntryWorld) => ours.filter((id) => !unproven.includes(id));

/** Lets everything go well until nothing old is left. */
async function calmDown(world: EntryWorld): Promise<void> {
  world.calm();
  world.wait(5 * MINUTE);
  for (const each of CREDENTIALS) {
    const rotated = await world.run({ credential: each });
    if (!rotated) throw world.lastError;
    const unrecorded = world.unrecorded(each).filter((id) => !world.unproven.includes(id));
    expect(unrecorded.length).toBeLessThanOrEqual(1);
    expect(world.entries.newest(world.pathOf(each))).toBe(rotated.version);
    expect(world.credentialIn(each).clientId).toBe(rotated.client?.id);
  }
  world.pin();
  world.apply();
  for (let day = 0; day < 16 && proven(world).length > CREDENTIALS.length; day++) {
    world.wait(DAY);
    for (const each of CREDENTIALS) {
      if (!(await world.run({ credential: each, retireOnly: true }))) throw world.lastError;
    }
  }
}

test.each<PlaceName>(["Vault", "Secrets Manager"])(
  `whatever happens, the newest version in %s works, and nothing old stays (${RUNS} runs)`,
  async (place) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0, 5_000, 30_000),
        fc.boolean(),
        fc.boolean(),
        fc.scheduler(),
        async (events, lag, shared, creators, scheduler) => {
          const world = new EntryWorld(lag, shared, creators, place);
          const turn = () => scheduler.schedule(Promise.resolve());
          for (const each of events) {
            await scheduler.waitFor(happen(world, each, turn));
            world.check();
          }
          await calmDown(world);
          world.check();
          const current = CREDENTIALS.map((each) => world.credentialIn(each).clientId);
          expect(proven(world).sort()).toEqual(current.sort());
        },
      ),
      { numRuns: RUNS },
    );
  },
  Math.max(600_000, RUNS * 1000),
);
